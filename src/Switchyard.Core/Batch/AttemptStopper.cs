using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <summary>
/// Holds the attempt that a worker is on, and stops that one and no other: the watcher of deadlines may still be at work on it when
/// the worker has ended it, and must not hit the next.
/// </summary>
internal sealed class AttemptStopper
{
    private readonly object _lock = new();
    private readonly UserCodeInterrupter _interrupter;
    private readonly Func<Thread> _beginStop;
    private ItemAttempt? _current;
    private ItemAttempt? _expired;
    private ItemAttempt? _interrupted;
    private Thread? _stopping;

    /// <summary>Holds none yet.</summary>
    /// <param name="interrupter">Interrupts the worker.</param>
    /// <param name="beginStop">Asks the worker to stop its item, on a thread of its own.</param>
    public AttemptStopper(UserCodeInterrupter interrupter, Func<Thread> beginStop)
    {
        _interrupter = interrupter;
        _beginStop = beginStop;
    }

    /// <summary>The attempt that runs; null if none does.</summary>
    public ItemAttempt? Current => Volatile.Read(ref _current);

    /// <summary>When the watcher is to look again at an attempt that has expired. For the watcher.</summary>
    public long NextStepAt { get; set; }

    /// <summary>An attempt begins. On the worker's thread.</summary>
    /// <param name="attempt">The attempt.</param>
    public void Begin(ItemAttempt attempt) => Volatile.Write(ref _current, attempt);

    /// <summary>The attempt was handed on.</summary>
    public void Clear() => Volatile.Write(ref _current, null);

    /// <summary>Whether an attempt's time was up; asked once it has ended, so that none can expire later.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>True if so.</returns>
    public bool HasExpired(ItemAttempt attempt)
    {
        lock (_lock)
        {
            return _expired == attempt;
        }
    }

    /// <summary>Lets an attempt's deadline pass, and asks the worker to stop it. For the watcher.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>False if it has ended before.</returns>
    public bool TryExpire(ItemAttempt attempt)
    {
        lock (_lock)
        {
            if (_current != attempt || !attempt.TryExpire())
            {
                return false;
            }

            _expired = attempt;
            _stopping = _beginStop();
            return true;
        }
    }

    /// <summary>Interrupts an expired attempt that did not stop when asked to. For the watcher.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>False if that was done before, or it has ended.</returns>
    public bool TryInterrupt(ItemAttempt attempt)
    {
        lock (_lock)
        {
            if (_current != attempt || _interrupted == attempt)
            {
                return false;
            }

            _interrupted = attempt;
            _interrupter.Interrupt();
            return true;
        }
    }

    /// <summary>Waits until nobody is at work on an ended attempt any more, and lets the worker be interrupted for the next.</summary>
    public void Rearm()
    {
        _stopping?.Join();
        lock (_lock)
        {
            // Inside the lock, so that an interrupt meant for that attempt is over.
            _stopping = null;
            _interrupter.Allow();
        }
    }
}
