namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Which item of a remote worker runs, for the threads that stop it. Items go by their ids on the wire; 0 is none.</summary>
internal sealed class RunningItem
{
    private readonly object _lock = new();
    private long _current;
    private long _stopped;
    private long _killedFor;

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

    public void Begin(long item)
    {
        lock (_lock)
        {
            _current = item;
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _current = 0;
            Monitor.PulseAll(_lock);
        }
    }

    public long RequestStop()
    {
        lock (_lock)
        {
            return _stopped = _current;
        }
    }

    /// <summary>Waits until an item has ended.</summary>
    /// <returns>False if it does not end: its worker is to be killed.</returns>
    public bool TryAwaitEnd(long item, TimeSpan timeout)
    {
        long since = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            while (item != 0 && _current == item)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                {
                    _killedFor = item;
                    return false;
                }

                Monitor.Wait(_lock, left);
            }

            return true;
        }
    }

    /// <summary>Notes that a worker is to be killed, as it does not take the request to stop an item, or to run none.</summary>
    /// <returns>False if the item has ended.</returns>
    public bool TryNoteKill(long item)
    {
        lock (_lock)
        {
            _killedFor = _current == item ? item : _killedFor;
            return _current == item;
        }
    }

    /// <summary>The worker is a new one, which was not killed.</summary>
    public void BeginWorker()
    {
        lock (_lock)
        {
            _killedFor = 0;
        }
    }

    public bool WasStopped(long item)
    {
        lock (_lock)
        {
            return _stopped == item;
        }
    }

    /// <summary>
    /// Whether a worker that was killed for one item was running another: the first has ended at the last moment, and the other did not
    /// end the worker.
    /// </summary>
    public bool WasKilledForAnother(long runningItem)
    {
        lock (_lock)
        {
            return _killedFor != 0 && _killedFor != runningItem;
        }
    }
}
