using System.Diagnostics;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Which item of a remote worker runs, for those on other threads who stop it.</summary>
internal sealed class InFlightStops
{
    private readonly object _lock = new();
    private long _current;
    private long _stopped;
    private long _killedFor;

    /// <summary>The item that runs: its lease; 0 if none does.</summary>
    public long Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>An item begins.</summary>
    /// <param name="lease">Its lease.</param>
    public void Begin(long lease)
    {
        lock (_lock)
        {
            _current = lease;
        }
    }

    /// <summary>The item that runs has ended: nobody is to stop it any more, nor to think that it was.</summary>
    public void End()
    {
        lock (_lock)
        {
            _current = 0;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The item that runs is to stop.</summary>
    /// <returns>Its lease; 0 if none runs.</returns>
    public long Request()
    {
        lock (_lock)
        {
            return _stopped = _current;
        }
    }

    /// <summary>Waits until an item has ended.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="timeout">How long.</param>
    /// <returns>False if it does not end: its worker is to be killed.</returns>
    public bool TryAwaitEnd(long lease, TimeSpan timeout)
    {
        long since = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            while (lease != 0 && _current == lease)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                {
                    _killedFor = lease;
                    return false;
                }

                Monitor.Wait(_lock, left);
            }

            return true;
        }
    }

    /// <summary>A new worker: nobody has killed it.</summary>
    public void BeginWorker()
    {
        lock (_lock)
        {
            _killedFor = 0;
        }
    }

    /// <summary>Whether an item was asked to stop.</summary>
    /// <param name="lease">Its lease.</param>
    /// <returns>True if so.</returns>
    public bool WasStopped(long lease)
    {
        lock (_lock)
        {
            return _stopped == lease;
        }
    }

    /// <summary>
    /// Whether a worker that was killed for one item was on another: the one that did not listen has ended in the last moment, and the
    /// other has done nothing.
    /// </summary>
    /// <param name="runningItem">The item that it was on.</param>
    /// <returns>True if so.</returns>
    public bool WasKilledForAnother(long runningItem)
    {
        lock (_lock)
        {
            return _killedFor != 0 && _killedFor != runningItem;
        }
    }
}
