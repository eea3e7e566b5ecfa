namespace Switchyard.Core.Queues;

/// <summary>
/// Wakes the one thread that feeds a run and writes its output. It waits for several things at once (room in the queue, output,
/// the end), so all who can bring one of them hold this signal.
/// </summary>
/// <remarks>
/// Waking a thread costs microseconds, as much as a trivial item. So a waiter says how wakeImmediately it is: wakeBatched waiters are woken
/// by a heap worth their while, and look for themselves after a millisecond; wakeImmediately ones by the first crumb.
/// </remarks>
public sealed class WakeSignal
{
    private readonly object _lock = new();
    private volatile bool _wakeBatched;
    private volatile bool _wakeImmediately;
    private volatile bool _pending;
    private bool _set;

    /// <summary>Whether the waiter wants to hear of anything at all.</summary>
    /// <remarks>
    /// Producers read it inside the lock that guards what they add. The waiter sets it before it looks there a last time, inside
    /// the same lock: so either it sees what was added, or the producer sees that it is wakeImmediately.
    /// </remarks>
    public bool WakesImmediately => _wakeImmediately;

    /// <summary>Whether the waiter wants to hear of a heap.</summary>
    public bool IsWaiting => _wakeBatched || _wakeImmediately;

    /// <summary>Whether something was announced by <see cref="Announce"/> since the last <see cref="TakeAnnounced"/>.</summary>
    public bool IsAnnounced => _pending;

    /// <summary>Says that there is something to fetch, without waking anybody.</summary>
    public void Announce() => _pending = true;

    /// <summary>Takes the announcement back, before fetching.</summary>
    public void TakeAnnounced() => _pending = false;

    /// <summary>Called by the waiter before its last look.</summary>
    /// <param name="wakeImmediately">Whether to be woken by anything, or only by a heap.</param>
    public void Prepare(bool wakeImmediately)
    {
        _wakeImmediately = wakeImmediately;
        _wakeBatched = !wakeImmediately;
    }

    /// <summary>Wakes the waiter, or lets its next wait return at once.</summary>
    public void Set()
    {
        lock (_lock)
        {
            _set = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Waits until <see cref="Set"/> is or was called, or the time is over. Only one thread may wait.</summary>
    /// <param name="milliseconds">The longest wait, or <see cref="Timeout.Infinite"/>.</param>
    /// <returns>Whether it was set.</returns>
    public bool Wait(int milliseconds)
    {
        try
        {
            lock (_lock)
            {
                if (!_set)
                {
                    // Never in a loop: a caller that was woken for nothing looks and waits again.
                    Monitor.Wait(_lock, milliseconds);
                }

                bool wasSet = _set;
                _set = false;
                return wasSet;
            }
        }
        finally
        {
            _wakeImmediately = false;
            _wakeBatched = false;
        }
    }
}
