namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Checks from time to time whether this process takes more memory than it may. For one thread.</summary>
internal sealed class MemoryLimit
{
    // How often that is checked where items are short; and after a collection that helped.
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);

    private long _checkedAt;

    /// <summary>Whether it takes too much, as far as that was looked at just now.</summary>
    public bool IsExceeded(long most)
    {
        if (Stopwatch.GetElapsedTime(_checkedAt) < _period)
        {
            return false;
        }

        _checkedAt = Stopwatch.GetTimestamp();
        if (Environment.WorkingSet <= most)
        {
            return false;
        }

        // Garbage is no reason to start another process.
        GC.Collect();
        if (Environment.WorkingSet > most)
        {
            return true;
        }

        _checkedAt += (long)(_rest.TotalSeconds * Stopwatch.Frequency);
        return false;
    }
}
