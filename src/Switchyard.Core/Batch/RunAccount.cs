using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Adds up what became of every item, once the workers have ended or were abandoned. Before that, items still end and are taken.
/// </summary>
internal sealed class RunAccount
{
    // How long an abandoned worker may take to hand on an item that it ends at this very moment.
    private static readonly TimeSpan _handOnTimeout = TimeSpan.FromSeconds(1);

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

    public long Finished => _finished + (_tracker?.Finished ?? 0);

    /// <summary>How many of those did not succeed.</summary>
    public long Failed => _failed + (_tracker?.Failed ?? 0);

    /// <summary>What was running, in the order of the input.</summary>
    public IReadOnlyList<BatchItem> Interrupted => [.. _interrupted.OrderBy(item => item.Index)];

    /// <summary>How many were never started.</summary>
    public long Skipped => _skipped;

    /// <summary>How many items ended of which what they have summed up is lost with the end of the run.</summary>
    public long Unsummed { get; private set; }

    /// <summary>The items that no worker ended, in the order of the input.</summary>
    public IReadOnlyList<UnfinishedItem> UnfinishedItems => [.. _unfinished.OrderBy(item => item.Index)];

    /// <param name="unqueued">What was read and has not come to the queue.</param>
    public static RunAccount Settle(
        WorkerThread[] workers, ItemTracker? tracker, BoundedQueue<BatchItem> queue, IReadOnlyList<BatchItem> unqueued, RunEnd end)
    {
        RunAccount account = new(tracker, end);
        foreach (WorkerThread worker in workers)
        {
            account.Add(worker);
        }

        // Retries first: they may have been on their way into the queue.
        tracker?.StopRetries();
        foreach (BatchItem item in tracker?.TakeLeft() ?? [])
        {
            account.AddUnstarted(item);
        }

        foreach (BatchItem item in queue.DrainRemaining().Concat(unqueued))
        {
            account.AddUnstarted(item);
        }

        // The last item first, as each is put before all others.
        foreach (BatchItem item in account._returned.OrderByDescending(item => item.Index))
        {
            item.Account!.Source!.Return(item.Input);
        }

        return account;
    }

    private void Add(WorkerThread worker)
    {
        _finished += worker.Settle(out BatchItem? unfinished, out IReadOnlyList<BatchItem> reserved);
        _failed += worker.Items.Failed;
        Unsummed += worker.Items.Unsummed;
        foreach (BatchItem waiting in reserved)
        {
            AddUnstarted(waiting);
        }

        if (unfinished is not { } item)
        {
            return;
        }

        if (_tracker is null && worker.Items.HasStarted)
        {
            _interrupted.Add(item);
            _unfinished.Add(new UnfinishedItem(item.Index, null, []));
        }
        else if (worker.Attempt is not { } attempt)
        {
            AddUnstarted(item);
        }
        else if (attempt.TryEnd(_interruptedStatus))
        {
            if (!_tracker!.Counts(attempt))
            {
                return;
            }

            _tracker.Book(attempt, isWorker: false);
            _tracker.Note(attempt);
            ItemTracker.NoteDone(attempt.Account);
            _interrupted.AddRange(ItemsOf(attempt.Item));
            AddEnded(attempt, _tracker.Results.AreCollected);
        }
        else
        {
            SpinWait.SpinUntil(() => worker.Attempt != attempt, _handOnTimeout);
        }
    }

    private void AddUnstarted(in BatchItem item)
    {
        if (item.Account?.CopyOf is not null)
        {
            return;
        }

        if (item.Account?.Last is { } last)
        {
            // It waited to be tried again, and will not be: that attempt was its last.
            _finished += item.Account.Count;
            _failed += item.Account.Count;
            _tracker!.Note(last);
            ItemTracker.NoteDone(item.Account);
            AddEnded(last, isTold: true);
            return;
        }

        foreach (BatchItem own in ItemsOf(item))
        {
            AddSkipped(own);
        }
    }

    private void AddSkipped(in BatchItem item)
    {
        _skipped++;
        if (item.Account?.Source is not null)
        {
            _returned.Add(item);
        }

        _unfinished.Add(new UnfinishedItem(item.Index, _tracker is { Results: { AreCollected: true } results } ? results.ToSkipped(item) : null, []));
    }

    // Without collected results, the run's own end explains what became of an item that it has ended.
    private void AddEnded(ItemAttempt attempt, bool isTold)
    {
        _unfinished.Add(new UnfinishedItem(attempt.Item.Index, isTold ? _tracker!.Results.TryTell(attempt) : null, attempt.Held));
        for (int i = 1; i < attempt.Account.Count; i++)
        {
            _unfinished.Add(new UnfinishedItem(attempt.Account.Members[i].Index, isTold ? _tracker!.Results.TryTellOther(attempt, i) : null, []));
        }
    }

    private static IReadOnlyList<BatchItem> ItemsOf(in BatchItem item) => item.Account?.Members is { Count: > 0 } members ? members : [item];
}
