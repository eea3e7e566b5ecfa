using Switchyard.Core.Processes;

namespace Switchyard.Core.Harness;

/// <summary>A child that ignores the request to end and writes without a pause, until it is killed.</summary>
internal sealed class FloodingChild : ChildProcess
{
    // A wait for a moment of silence would never end.
    private const int MostWaits = 10_000;

    private readonly Queue<ChildEvent> _last = new([ChildEvent.Exited, ChildEvent.OutputEnded, ChildEvent.ErrorEnded]);
    private int _waits;

    public bool IsAsked { get; private set; }

    public bool IsKilled { get; private set; }

    public override int Id => 1;

    public override ReadOnlySpan<byte> Data => "x\n"u8;

    public override bool IsOutputOpen => _last.Count > 0;

    public override Stream TakeStream() => throw new NotSupportedException();

    public override ChildEvent Wait(TimeSpan timeout)
    {
        Assert.True(++_waits < MostWaits, "It was not killed.");
        return IsKilled ? _last.Dequeue() : ChildEvent.Output;
    }

    public override int Write(ReadOnlySpan<byte> data) => -1;

    public override void CloseInput()
    {
    }

    public override bool RequestEnd() => IsAsked = true;

    public override void Kill() => IsKilled = true;

    public override bool HasDescendants() => false;

    public override bool TryReadCpuTime(out TimeSpan time)
    {
        time = default;
        return false;
    }

    public override ExitReason Reap() => ExitReason.FromSignal(9, null);

    protected override void Dispose(bool disposing)
    {
    }
}
