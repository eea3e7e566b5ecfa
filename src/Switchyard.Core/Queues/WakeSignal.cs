namespace Switchyard.Core.Queues;

/// <summary>
/// Wakes the one thread that adds a run's items and writes its output. It waits for several things at once (room in the queue, output,
/// the end), so all that can bring one of them hold this signal.
/// </summary>
/// <remarks>
/// Waking a thread costs as much as a trivial item. So the waiting thread first lets itself be woken only by a full batch of records, and
/// checks by itself after a millisecond; after that anything wakes it.
/// </remarks>
internal sealed class WakeSignal
{
    private readonly object _lock = new();
    private volatile bool _wakesBatched;
    private volatile bool _wakesImmediately;
    private volatile bool _isAnnounced;
    private bool _isSet;

    /// <summary>Whether anything is to wake the waiting thread.</summary>
    /// <remarks>
    /// Producers read it inside the lock that guards what they add. The waiting thread sets it before it checks there a last time,
    /// inside the same lock: either it sees what was added, or the producer sees that it must wake.
    /// </remarks>
    public bool WakesImmediately => _wakesImmediately;

    /// <summary>Whether a thread waits, at least for a full batch.</summary>
    public bool IsWaiting => _wakesBatched || _wakesImmediately;

    /// <summary>Whether <see cref="Announce"/> was called since the last <see cref="TakeAnnounced"/>.</summary>
    public bool IsAnnounced => _isAnnounced;

    /// <summary>Says that there is something to fetch, without waking the thread.</summary>
    public void Announce() => _isAnnounced = true;

    /// <summary>Clears the announcement, before fetching.</summary>
    public void TakeAnnounced() => _isAnnounced = false;

    /// <summary>Called by the waiting thread before it checks a last time, and then waits.</summary>
    public void Prepare(bool wakesImmediately)
    {
        _wakesImmediately = wakesImmediately;
        _wakesBatched = !wakesImmediately;
    }

    /// <summary>Wakes the thread, or lets its next wait return at once.</summary>
    public void Set()
    {
        lock (_lock)
        {
            _isSet = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits for <see cref="Set"/>, and tells whether it was called. Only one thread may wait.</summary>
    public bool Wait(int milliseconds)
    {
        try
        {
            lock (_lock)
            {
                if (!_isSet)
                {
                    // Not in a loop: a caller that was woken for nothing checks and waits again.
                    Monitor.Wait(_lock, milliseconds);
                }

                bool wasSet = _isSet;
                _isSet = false;
                return wasSet;
            }
        }
        finally
        {
            _wakesImmediately = false;
            _wakesBatched = false;
        }
    }
}
