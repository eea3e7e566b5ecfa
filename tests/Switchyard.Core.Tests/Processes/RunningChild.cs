using System.Text;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Processes;

/// <summary>A child under test: takes its events in their order, and gathers what it writes.</summary>
internal sealed class RunningChild(ChildProcess child) : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    public ChildProcess Process => child;

    public List<ChildEvent> Seen { get; } = [];

    public byte[] Output => _output.ToArray();

    public string OutputText => Encoding.UTF8.GetString(_output.ToArray());

    public byte[] Error => _error.ToArray();

    public bool IsOver => Seen.Contains(ChildEvent.Exited) && !child.IsOutputOpen;

    public ChildEvent Step()
    {
        ChildEvent what = child.Wait(Bounded.Limit);
        switch (what)
        {
            case ChildEvent.Output:
                Assert.False(child.Data.IsEmpty);
                _output.Write(child.Data);
                break;
            case ChildEvent.Error:
                Assert.False(child.Data.IsEmpty);
                _error.Write(child.Data);
                break;
            case ChildEvent.TimedOut:
                throw new TimeoutException($"Waited in vain; seen {string.Join(", ", Seen)}.");
        }

        if (what is not (ChildEvent.Output or ChildEvent.Error or ChildEvent.InputReady))
        {
            // Told once, and never anything after its end.
            Assert.True(what == ChildEvent.Woken || !Seen.Contains(what), $"{what} was told twice.");
        }

        Assert.False(what == ChildEvent.Output && Seen.Contains(ChildEvent.OutputEnded));
        Assert.False(what == ChildEvent.Error && Seen.Contains(ChildEvent.ErrorEnded));
        Seen.Add(what);
        return what;
    }

    public RunningChild Until(Func<bool> condition)
    {
        while (!condition())
        {
            Step();
        }

        return this;
    }

    public RunningChild Until(ChildEvent what) => Until(() => Seen.Contains(what));

    public RunningChild UntilOutput(string text) => Until(() => OutputText.Contains(text, StringComparison.Ordinal));

    public ExitReason End()
    {
        Until(() => IsOver);
        return child.Reap();
    }

    /// <summary>Writes all, as the child takes it.</summary>
    /// <returns>False if it takes no more.</returns>
    public bool WriteAll(byte[] data)
    {
        int sent = 0;
        while (sent < data.Length)
        {
            int taken = child.Write(data.AsSpan(sent));
            if (taken < 0)
            {
                child.AwaitsInput = false;
                return false;
            }

            sent += taken;
            child.AwaitsInput = taken == 0;
            if (taken == 0)
            {
                Step();
            }
        }

        child.AwaitsInput = false;
        return true;
    }

    public void Dispose()
    {
        child.Dispose();
        _output.Dispose();
        _error.Dispose();
    }
}
