using Switchyard.Core.Processes;

namespace Switchyard.Core.Harness;

/// <summary>A child that is deaf to being asked and always has something to say, until it is killed.</summary>
internal sealed class FloodingChild : ChildProcess
{
    // Whoever waits for a moment of silence would wait for ever.
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
