using Switchyard.Items;
using Switchyard.Queues;

namespace Switchyard.Batch;

/// <summary>
/// Adds up what became of every item, once the workers have ended or were left behind. Made only then: while workers were ending,
/// items ended too, and others were still being taken.
/// </summary>
internal sealed class RunAccount
{
    // How long a worker that was left behind may take to hand on an item that it ends at this very moment.
    private static readonly TimeSpan _handOnPatience = TimeSpan.FromSeconds(1);

    private readonly ItemLedger? _ledger;
    private readonly List<Leftover> _leftovers = [];
    private readonly List<BatchItem> _interrupted = [];
    private readonly List<BatchItem> _returned = [];
    private readonly ItemStatus _interruptedStatus;
    private long _finished;
    private long _failed;
    private long _skipped;

    private RunAccount(ItemLedger? ledger, RunEnd end)
    {
        _ledger = ledger;
        _interruptedStatus = end == RunEnd.TimedOut ? ItemStatus.TimedOut : ItemStatus.Canceled;
    }

    /// <summary>How many items ended by themselves.</summary>
    public long Finished => _finished + (_ledger?.Finished ?? 0);

    /// <summary>How many of those did not succeed.</summary>
    public long Failed => _failed + (_ledger?.Failed ?? 0);

    /// <summary>What was running, in the order of the input.</summary>
    public IReadOnlyList<BatchItem> Interrupted => [.. _interrupted.OrderBy(item => item.Index)];

    /// <summary>How many were never started.</summary>
    public long Skipped => _skipped;

    /// <summary>The items that no worker ended, in the order of the input.</summary>
    public IReadOnlyList<Leftover> Leftovers => [.. _leftovers.OrderBy(leftover => leftover.Index)];

    /// <summary>Makes the account.</summary>
    /// <param name="slots">The workers.</param>
    /// <param name="ledger">The items' accounts, if there are any.</param>
    /// <param name="queue">What nobody took.</param>
    /// <param name="end">Why the run is over.</param>
    /// <returns>The account.</returns>
    public static RunAccount Settle(WorkerSlot[] slots, ItemLedger? ledger, BoundedQueue<BatchItem> queue, RunEnd end)
    {
        RunAccount account = new(ledger, end);
        foreach (WorkerSlot slot in slots)
        {
            account.Add(slot);
        }

        // Retries first: they may have been on their way into the queue.
        ledger?.StopRetries();
        foreach (BatchItem item in ledger?.TakeLeft() ?? [])
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

    private void Add(WorkerSlot slot)
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

        if (_ledger is null && slot.HasStarted)
        {
            _interrupted.Add(item);
            _leftovers.Add(new Leftover(item.Index, null, []));
        }
        else if (slot.Attempt is not { } attempt)
        {
            AddUnstarted(item);
        }
        else if (attempt.TryEnd(_interruptedStatus))
        {
            _ledger!.Book(attempt, isWorker: false);
            _ledger.Note(attempt);
            attempt.Account.Feed?.NoteDone();
            _interrupted.Add(item);
            _leftovers.Add(new Leftover(item.Index, ResultOf(attempt), attempt.Held));
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
            _ledger!.Note(last);
            item.Account.Feed?.NoteDone();
            _leftovers.Add(new Leftover(item.Index, _ledger.TryTell(last), last.Held));
        }
        else
        {
            _skipped++;
            if (item.Account?.Feed is not null)
            {
                _returned.Add(item);
            }

            _leftovers.Add(new Leftover(item.Index, _ledger is { CollectsResults: true } ? _ledger.ToSkipped(item) : null, []));
        }
    }

    // Where results are not collected, nobody asks what became of an item that the run's own end explains.
    private ItemResult? ResultOf(ItemAttempt attempt) => _ledger is { CollectsResults: true } ? _ledger.ToResult(attempt) : null;
}
