using System.Diagnostics;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Looks from time to time whether this process takes more memory than it may. For one thread.</summary>
internal sealed class MemoryLimit
{
    // How often it is looked at, where items are short; and after a collection that helped.
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(1);

    private long _lookedAt;

    /// <summary>Whether it takes too much, as far as that was looked at just now.</summary>
    /// <param name="most">How many bytes it may take.</param>
    /// <returns>True if so.</returns>
    public bool IsExceeded(long most)
    {
        if (Stopwatch.GetElapsedTime(_lookedAt) < _period)
        {
            return false;
        }

        _lookedAt = Stopwatch.GetTimestamp();
        if (Environment.WorkingSet <= most)
        {
            return false;
        }

        // What nobody holds any more is no reason to start another process.
        GC.Collect();
        if (Environment.WorkingSet > most)
        {
            return true;
        }

        _lookedAt += (long)(_rest.TotalSeconds * Stopwatch.Frequency);
        return false;
    }
}
