using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Adds up what became of every item, once the workers have ended or were left behind. Made only then: while workers were ending,
/// items ended too, and others were still being taken.
/// </summary>
internal sealed class RunAccount
{
    // How long a worker that was left behind may take to hand on an item that it ends at this very moment.
    private static readonly TimeSpan _handOnPatience = TimeSpan.FromSeconds(1);

    private readonly ItemTracker? _tracker;
    private readonly List<UnfinishedItem> _unfinished = [];
    private readonly List<BatchItem> _interrupted = [];
    private readonly List<BatchItem> _returned = [];
    private readonly ItemStatus _interruptedStatus;
    private long _finished;
    private long _failed;
    private long _skipped;

    private RunAccount(ItemTracker? tracker, RunEnd end)
    {
        _tracker = tracker;
        _interruptedStatus = end == RunEnd.TimedOut ? ItemStatus.TimedOut : ItemStatus.Canceled;
    }

    /// <summary>How many items ended by themselves.</summary>
    public long Finished => _finished + (_tracker?.Finished ?? 0);

    /// <summary>How many of those did not succeed.</summary>
    public long Failed => _failed + (_tracker?.Failed ?? 0);

    /// <summary>What was running, in the order of the input.</summary>
    public IReadOnlyList<BatchItem> Interrupted => [.. _interrupted.OrderBy(item => item.Index)];

    /// <summary>How many were never started.</summary>
    public long Skipped => _skipped;

    /// <summary>The items that no worker ended, in the order of the input.</summary>
    public IReadOnlyList<UnfinishedItem> UnfinishedItems => [.. _unfinished.OrderBy(item => item.Index)];

    /// <summary>Makes the account.</summary>
    /// <param name="slots">The workers.</param>
    /// <param name="tracker">The items' accounts, if there are any.</param>
    /// <param name="queue">What nobody took.</param>
    /// <param name="end">Why the run is over.</param>
    /// <returns>The account.</returns>
    public static RunAccount Settle(WorkerThread[] slots, ItemTracker? tracker, BoundedQueue<BatchItem> queue, RunEnd end)
    {
        RunAccount account = new(tracker, end);
        foreach (WorkerThread slot in slots)
        {
            account.Add(slot);
        }

        // Retries first: they may have been on their way into the queue.
        tracker?.StopRetries();
        foreach (BatchItem item in tracker?.TakeLeft() ?? [])
        {
            account.AddUnstarted(item);
        }

        foreach (BatchItem item in queue.DrainRemaining())
        {
            account.AddUnstarted(item);
        }

        // The last first, as each goes before all others.
        foreach (BatchItem item in account._returned.OrderByDescending(item => item.Index))
        {
            item.Account!.Feed!.Return(item.Input);
        }

        return account;
    }

    private void Add(WorkerThread slot)
    {
        _finished += slot.Settle(out BatchItem? unfinished, out IReadOnlyList<BatchItem> reserved);
        _failed += slot.Failed;
        foreach (BatchItem waiting in reserved)
        {
            AddUnstarted(waiting);
        }

        if (unfinished is not { } item)
        {
            return;
        }

        if (_tracker is null && slot.HasStarted)
        {
            _interrupted.Add(item);
            _unfinished.Add(new UnfinishedItem(item.Index, null, []));
        }
        else if (slot.Attempt is not { } attempt)
        {
            AddUnstarted(item);
        }
        else if (attempt.TryEnd(_interruptedStatus))
        {
            _tracker!.Book(attempt, isWorker: false);
            _tracker.Note(attempt);
            attempt.Account.Feed?.NoteDone();
            _interrupted.Add(item);
            _unfinished.Add(new UnfinishedItem(item.Index, ResultOf(attempt), attempt.Held));
        }
        else
        {
            SpinWait.SpinUntil(() => slot.Attempt != attempt, _handOnPatience);
        }
    }

    private void AddUnstarted(in BatchItem item)
    {
        if (item.Account?.Last is { } last)
        {
            // It was to be tried again, and will not be: so that attempt was its last.
            _finished++;
            _failed++;
            _tracker!.Note(last);
            item.Account.Feed?.NoteDone();
            _unfinished.Add(new UnfinishedItem(item.Index, _tracker.TryTell(last), last.Held));
        }
        else
        {
            _skipped++;
            if (item.Account?.Feed is not null)
            {
                _returned.Add(item);
            }

            _unfinished.Add(new UnfinishedItem(item.Index, _tracker is { CollectsResults: true } ? _tracker.ToSkipped(item) : null, []));
        }
    }

    // Where results are not collected, nobody asks what became of an item that the run's own end explains.
    private ItemResult? ResultOf(ItemAttempt attempt) => _tracker is { CollectsResults: true } ? _tracker.ToResult(attempt) : null;
}
