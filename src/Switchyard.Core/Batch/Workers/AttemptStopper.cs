using Switchyard.Core.Queues;
using Switchyard.Core.Stopping;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// Holds the attempt that a worker is on, and stops that one and no other: <see cref="ItemDeadlines"/> may still be stopping it when the
/// worker has ended it, and must not hit the next.
/// </summary>
/// <param name="ask">Asks the worker to stop its item, as the task that it returns.</param>
/// <param name="abandon">Goes on without the worker; must not block.</param>
internal sealed class AttemptStopper(UserCodeInterrupter interrupter, OutputBuffer output, Func<Task> ask, Action<ItemAttempt> abandon)
{
    private readonly object _lock = new();
    private ItemAttempt? _current;
    private ItemAttempt? _expired;
    private StopLadder? _ladder;
    private Task? _asking;
    private TimeSpan _blockedBefore;

    /// <summary>The attempt that runs; null if none does.</summary>
    public ItemAttempt? Current => Volatile.Read(ref _current);

    /// <summary>Whether the attempt waits for a caller who is behind.</summary>
    public bool IsBlocked => output.IsBlocked;

    /// <summary>How long the attempt was kept waiting by a caller who is behind. That is not its own time.</summary>
    public TimeSpan BlockedTime => output.BlockedTime - _blockedBefore;

    /// <summary>When the next step is due. For <see cref="ItemDeadlines"/>.</summary>
    public long NextStepAt { get; set; }

    public void Begin(ItemAttempt attempt)
    {
        _blockedBefore = output.BlockedTime;
        Volatile.Write(ref _current, attempt);
    }

    public void Clear() => Volatile.Write(ref _current, null);

    /// <summary>Whether an attempt's time was up. Asked once it has ended, so that it cannot expire later.</summary>
    public bool HasExpired(ItemAttempt attempt)
    {
        lock (_lock)
        {
            return _expired == attempt;
        }
    }

    /// <summary>Takes the next step to stop an attempt whose time is up.</summary>
    /// <returns>How long until the step after it; null if there is none, or the attempt has ended.</returns>
    public TimeSpan? TakeStep(ItemAttempt attempt, TimeSpan gracePeriod)
    {
        StopLadder ladder;
        lock (_lock)
        {
            if (_current != attempt)
            {
                return null;
            }

            if (_expired != attempt)
            {
                if (!attempt.TryExpire())
                {
                    return null;
                }

                _expired = attempt;
                _ladder = new StopLadder(gracePeriod, () => _asking = ask(), interrupter.Interrupt, () => abandon(attempt));
            }

            ladder = _ladder!;
            if (ladder.Next is StopStep.Ask or StopStep.Interrupt)
            {
                TimeSpan grace = ladder.NextGracePeriod;
                ladder.TakeStep();
                return grace;
            }
        }

        // Outside the lock, as it hands the item on in the worker's place.
        ladder.TakeStep();
        return null;
    }

    /// <summary>Waits until nothing stops an ended attempt any more, and lets the worker be interrupted for the next.</summary>
    public void Rearm()
    {
        _asking?.Wait();
        lock (_lock)
        {
            // Inside the lock, so that an interrupt meant for the ended attempt is over.
            _asking = null;
            interrupter.Allow();
        }
    }
}
