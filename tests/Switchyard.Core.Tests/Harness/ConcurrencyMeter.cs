namespace Switchyard.Core.Harness;

/// <summary>Counts what has started, what runs, and the most that ever ran at a time.</summary>
internal sealed class ConcurrencyMeter
{
    private readonly object _lock = new();
    private int _running;

    public int Started { get; private set; }

    public int Peak { get; private set; }

    public void Enter()
    {
        lock (_lock)
        {
            Started++;
            Peak = Math.Max(Peak, ++_running);
            Monitor.PulseAll(_lock);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _running--;
        }
    }

    public void WaitForStarted(int count)
    {
        lock (_lock)
        {
            while (Started < count)
            {
                if (!Monitor.Wait(_lock, Bounded.Limit))
                {
                    throw new TimeoutException($"Only {Started} of {count} items started.");
                }
            }
        }
    }
}
