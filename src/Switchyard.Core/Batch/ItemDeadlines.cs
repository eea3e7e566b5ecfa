using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <summary>
/// Ends attempts that take too long. One timer watches all workers, set for the attempt whose time is up first; each that expires
/// is asked to stop, then interrupted, then abandoned, as <see cref="WorkerStopper"/> does at the end of a run.
/// </summary>
internal sealed class ItemDeadlines : IDisposable
{
    // When to look again at an attempt that the caller keeps waiting.
    private static readonly TimeSpan _blockedPatience = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly TimeProvider _clock;
    private readonly long _timeout;
    private readonly long _stopGracePeriod;
    private readonly Func<WorkerThread[]> _slots;
    private readonly Action<WorkerThread, ItemAttempt> _abandon;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;
    private bool _isDisposed;

    /// <summary>Watches nothing yet.</summary>
    /// <param name="timeout">How long an attempt may take.</param>
    /// <param name="stopGracePeriod">How long a worker may need to stop an item, before it is taken for deaf.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="slots">The workers to watch.</param>
    /// <param name="abandon">Called for a worker that does not listen; must not block.</param>
    public ItemDeadlines(
        TimeSpan timeout, TimeSpan stopGracePeriod, TimeProvider clock, Func<WorkerThread[]> slots, Action<WorkerThread, ItemAttempt> abandon)
    {
        _clock = clock;
        _timeout = ToTicks(timeout);
        _stopGracePeriod = ToTicks(stopGracePeriod + WorkerStopper.AskGracePeriod);
        _slots = slots;
        _abandon = abandon;
        _timer = clock.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches an attempt, which its worker shows by now.</summary>
    /// <param name="attempt">The attempt.</param>
    public void Watch(ItemAttempt attempt)
    {
        // All have the same time, so the timer is nearly always set for an earlier one. The fence stands between showing the attempt
        // and looking at the timer, as a check sets the timer back before it looks at attempts: one of the two sees the other.
        Interlocked.MemoryBarrier();
        long due = attempt.StartedAt + _timeout;
        if (Volatile.Read(ref _armedFor) > due)
        {
            lock (_lock)
            {
                Arm(due);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Waits for a check in progress: after this, nobody is abandoned here any more.
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    private void Check()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            // First: what begins to be watched from here on sets the timer itself.
            Interlocked.Exchange(ref _armedFor, long.MaxValue);
            long next = long.MaxValue;
            foreach (WorkerThread slot in _slots())
            {
                next = Math.Min(next, Check(slot));
            }

            if (next < long.MaxValue)
            {
                Arm(next);
            }
        }
    }

    /// <summary>Does what is due for one worker.</summary>
    /// <returns>When it is to be looked at again.</returns>
    private long Check(WorkerThread slot)
    {
        if (slot.Attempt is not { } attempt)
        {
            return long.MaxValue;
        }

        long due = attempt.StartedAt + _timeout + ToTicks(slot.BlockedTime);
        long now = _clock.GetTimestamp();
        if (now < due)
        {
            return due;
        }

        if (slot.Output.IsBlocked)
        {
            return now + ToTicks(_blockedPatience);
        }

        AttemptStopper stopper = slot.Stopper;
        if (!stopper.HasExpired(attempt))
        {
            return stopper.TryExpire(attempt) ? stopper.NextStepAt = now + _stopGracePeriod : long.MaxValue;
        }

        if (now < stopper.NextStepAt)
        {
            return stopper.NextStepAt;
        }

        if (stopper.TryInterrupt(attempt))
        {
            return stopper.NextStepAt = now + ToTicks(WorkerStopper.InterruptGracePeriod);
        }

        _abandon(slot, attempt);
        return long.MaxValue;
    }

    private void Arm(long due)
    {
        if (due >= _armedFor || _isDisposed)
        {
            return;
        }

        _armedFor = due;

        // A timer counts whole milliseconds: rounded up, so that it does not come just before its time.
        TimeSpan left = _clock.GetElapsedTime(_clock.GetTimestamp(), due) + TimeSpan.FromMilliseconds(1);
        _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
