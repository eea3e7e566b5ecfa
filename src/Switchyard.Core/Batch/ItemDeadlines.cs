using System.Collections.Immutable;
using Switchyard.Core.Batch.Workers;

namespace Switchyard.Core.Batch;

/// <summary>
/// Stops attempts that take too long, or that another has beaten. One timer watches all workers, set for whatever is due first: an attempt's deadline, or the
/// next step to stop one that has expired.
/// </summary>
internal sealed class ItemDeadlines : IDisposable
{
    // After how long an attempt that waits for the caller is checked again.
    private static readonly TimeSpan _blockedInterval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly TimeProvider _clock;
    private readonly long? _timeout;
    private readonly TimeSpan _gracePeriod;
    private readonly ITimer _timer;
    private ImmutableList<AttemptStopper> _stoppers = [];
    private long _armedFor = long.MaxValue;
    private bool _isDisposed;

    /// <param name="timeout">How long an attempt may take; null for as long as it takes.</param>
    public ItemDeadlines(TimeSpan? timeout, TimeSpan gracePeriod, TimeProvider clock)
    {
        _clock = clock;
        _timeout = timeout is { } time ? ToTicks(time) : null;
        _gracePeriod = gracePeriod;
        _timer = clock.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds a worker. Without the lock, as a check may hold it and open a worker in the place of another.</summary>
    public void Add(AttemptStopper stopper) => ImmutableInterlocked.Update(ref _stoppers, static (all, one) => all.Add(one), stopper);

    public void Remove(AttemptStopper stopper) => ImmutableInterlocked.Update(ref _stoppers, static (all, one) => all.Remove(one), stopper);

    public void Watch(ItemAttempt attempt)
    {
        if (_timeout is null)
        {
            return;
        }

        // All attempts have the same time, so the timer is nearly always set for an earlier one. The fence stands between showing the
        // attempt and reading the timer, as a check resets the timer before it reads the attempts: one of the two sees the other.
        Interlocked.MemoryBarrier();
        long due = DueOf(attempt);
        if (Volatile.Read(ref _armedFor) > due)
        {
            lock (_lock)
            {
                Arm(due);
            }
        }
    }

    /// <summary>An attempt was beaten, or is to be stopped for another reason than its time.</summary>
    public void CheckNow()
    {
        lock (_lock)
        {
            Arm(_clock.GetTimestamp());
        }
    }

    public void Dispose()
    {
        // Waits for a check in progress: after this, no worker is abandoned here.
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

            // First: an attempt that begins from here on sets the timer itself.
            Interlocked.Exchange(ref _armedFor, long.MaxValue);
            long next = long.MaxValue;
            foreach (AttemptStopper stopper in Volatile.Read(ref _stoppers))
            {
                next = Math.Min(next, Check(stopper));
            }

            if (next < long.MaxValue)
            {
                Arm(next);
            }
        }
    }

    /// <summary>Does what is due for one worker, and tells when something is due again.</summary>
    private long Check(AttemptStopper stopper)
    {
        if (stopper.Current is not { } attempt)
        {
            return long.MaxValue;
        }

        long due = DueOf(attempt);
        due += due < long.MaxValue ? ToTicks(stopper.BlockedTime) : 0;
        long now = _clock.GetTimestamp();
        if (now < due)
        {
            return due;
        }

        if (stopper.IsBlocked)
        {
            return now + ToTicks(_blockedInterval);
        }

        if (stopper.HasExpired(attempt) && now < stopper.NextStepAt)
        {
            return stopper.NextStepAt;
        }

        return stopper.TakeStep(attempt, _gracePeriod) is { } grace ? stopper.NextStepAt = now + ToTicks(grace) : long.MaxValue;
    }

    private long DueOf(ItemAttempt attempt) =>
        attempt.IsBeaten || attempt.IsStopRequested ? attempt.StartedAt : _timeout is { } timeout ? attempt.StartedAt + timeout : long.MaxValue;

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
