using Switchyard.Core.Gauges;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Keeps account of each item: its attempts, its times, whether it is tried again. Only runs that need one have it. An item is at
/// any time in one place (queue, worker, waiting for a retry), though a copy of it may be with another worker, and leaves the tracker by one result.
/// </summary>
internal sealed class ItemTracker(
    BatchOptions options,
    TimeProvider clock,
    BoundedQueue<BatchItem> queue,
    WakeSignal signal,
    StartGate? gate,
    IWorkerFactory workers,
    Speculation? speculation) : IDisposable
{
    // With more retries waiting no input is read: an endless input that only fails must not fill the memory.
    private const int MaxWaiting = 1024;

    // The same of large items, for each that is read ahead: fewer would keep workers idle while others wait to be tried again.
    private const int ManyWaiting = 4;

    private readonly bool _readsClock = options.CollectResults && !workers.RunsElsewhere;
    private readonly RetryQueue? _retries = !options.Retries ? null : new RetryQueue(clock, item =>
    {
        // First: once the item is there, it may have ended before this thread goes on, and the source would not be told that none waits.
        speculation?.CountWaiting(-1);
        queue.Return(item);
        signal.Set();
    });

    private readonly List<BatchItem> _left = [];
    private long _read;
    private long _finished;
    private long _failed;
    private int _inputEnded;

    public long Finished => Interlocked.Read(ref _finished);

    /// <summary>How many of them did not succeed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>How many wait for another attempt.</summary>
    public int Waiting => _retries?.Count ?? 0;

    public bool Retries => _retries is not null;

    /// <summary>Makes the items' results.</summary>
    public ItemResults Results { get; } = new(options, clock);

    public bool HasRoom => Waiting < (options.MostReadAhead * ManyWaiting ?? MaxWaiting);

    /// <summary>Opens an account for an item that was read: from a source, or piped in.</summary>
    public ItemAccount Open(ItemKey key = default, IInputSource? source = null) => new(clock.GetTimestamp())
    {
        Key = key,
        Source = source,
        OutputPath = options.Journal?.TakeOutputPath(key),
    };

    /// <summary>Counts an item that is in the queue now.</summary>
    public void NoteRead() => Volatile.Write(ref _read, _read + 1);

    /// <summary>No further item will be read: the queue is complete when those that were read are done.</summary>
    public void EndInput()
    {
        Interlocked.Exchange(ref _inputEnded, 1);
        CompleteQueueIfDone();
        speculation?.EndInput();
    }

    /// <summary>Begins an attempt. Called on the worker's thread.</summary>
    public ItemAttempt Begin(in BatchItem item, int workerId, QueueTaker<BatchItem> taker)
    {
        ItemAccount account = item.Account!;
        long now = clock.GetTimestamp();
        bool isCopy = account.CopyOf is not null;
        if (!isCopy)
        {
            account.StartedAt ??= now;
            account.Attempts++;
            account.Last = null;
        }

        // The last attempt counts however it ends, so nothing of it need be held back. Unless it may come to run beside another.
        bool isLast = speculation is null
            && !MaySplit(account)
            && options.Retry?.AllowsAnother(account.Failures) != true
            && account.Crashes >= options.CrashRetryCount
            && account.Losses >= options.LossRetryCount;
        TimeSpan? cpu = _readsClock && ThreadClock.TryRead(out TimeSpan sofar) ? sofar : null;
        ItemAttempt attempt = new(
            account.CopyOf?.Item ?? item, workerId, now, cpu, options.CollectResults, !isLast, options.Journal is not null, workers.HasLastWords, options.StandardErrors)
        {
            IsCopy = isCopy,
            KeepsErrors = options.Journal?.KeepsOutput == true,
        };
        speculation?.Begin(attempt, item, taker);
        return attempt;
    }

    /// <summary>Takes an attempt back of which nothing was done.</summary>
    /// <returns>Whether the item is to be given to another worker: not where it is with one.</returns>
    public bool Withdraw(ItemAttempt attempt)
    {
        if (speculation is not null)
        {
            return speculation.Withdraw(attempt);
        }

        attempt.Account.Attempts--;
        return true;
    }

    /// <summary>Whether an attempt that has ended is the one that counts of its item.</summary>
    public bool Counts(ItemAttempt attempt) => speculation?.Decide(attempt, attempt.End) != false;

    /// <summary>Books an attempt that has ended, and hands it on: to another attempt, or as the item's last. Tells whether it was the last.</summary>
    public bool HandOn(ItemAttempt attempt, OutputBuffer buffer, bool isAbandoned)
    {
        if (attempt.End.RetryAfter is { } delayAsked)
        {
            // Also if this item has no attempt left: the others would be refused as well.
            gate?.HoldFor(delayAsked);
        }

        bool counts = Counts(attempt);
        if (counts)
        {
            Book(attempt, isWorker: !isAbandoned);
        }

        if (!counts || TryRetry(attempt) || TrySplit(attempt))
        {
            if (isAbandoned)
            {
                buffer.Seal([], null);
            }

            return false;
        }

        ItemResult? result = Results.TryTell(attempt);
        bool hasMore = result is not null || attempt.Held.Count > 0;
        options.Journal?.Add(attempt, isHandedOn: hasMore);
        IReadOnlyList<ItemRecord> held = attempt.Held;
        ItemRecord end = new(attempt.Item.Index, RecordKind.End, result);
        if (attempt.Account.Members.Count > 0)
        {
            // Each item has an end of its own, as order and journal know items and not groups.
            IReadOnlyList<BatchItem> members = attempt.Account.Members;
            ItemRecord[] ends = [.. members.Select((_, i) => new ItemRecord(members[i].Index, RecordKind.End, i == 0 ? result : Results.TryTellOther(attempt, i)))];
            (held, end) = ([.. held, .. ends[..^1]], ends[^1]);
        }

        if (isAbandoned)
        {
            buffer.Seal(held, end);
        }
        else if (hasMore || options.KeepOrder)
        {
            buffer.AddEnd(held, end);
        }

        NoteFinished(attempt.End.Status, attempt.Account.Count);
        NoteDone(attempt.Account);
        return true;
    }

    /// <summary>Tells the sources of an item, or of those of a group, that it is done.</summary>
    public static void NoteDone(ItemAccount account)
    {
        account.Source?.NoteDone();
        foreach (BatchItem member in account.Members)
        {
            member.Account!.Source?.NoteDone();
        }
    }

    /// <summary>Books an attempt that has ended. Only the worker's own thread can read its processor time.</summary>
    public void Book(ItemAttempt attempt, bool isWorker)
    {
        ItemAccount account = attempt.Account;
        account.Duration += attempt.End.Duration ?? clock.GetElapsedTime(attempt.StartedAt);
        if (attempt.End.CpuTime is { } elsewhere)
        {
            account.CpuTime = account.CpuTime.GetValueOrDefault() + elsewhere;
        }
        else if (isWorker && attempt.CpuAtStart is { } start && ThreadClock.TryRead(out TimeSpan now))
        {
            account.CpuTime = account.CpuTime.GetValueOrDefault() + (now - start);
        }
    }

    /// <summary>Writes an item whose last attempt has ended and is booked into the journal, if one is kept.</summary>
    public void Note(ItemAttempt attempt) => options.Journal?.Add(attempt);

    /// <summary>Starts no more retries.</summary>
    public void StopRetries()
    {
        // Out of one and into the other inside the lock, as the account is made on another thread.
        lock (_left)
        {
            _left.AddRange(_retries?.Close() ?? []);
        }
    }

    /// <summary>The items that waited for a retry when those were stopped.</summary>
    public IReadOnlyList<BatchItem> TakeLeft()
    {
        lock (_left)
        {
            BatchItem[] left = [.. _left];
            _left.Clear();
            return left;
        }
    }

    public void Dispose() => _retries?.Dispose();

    private bool TryRetry(ItemAttempt attempt)
    {
        if (attempt.IsStopRequested || DelayBeforeRetry(attempt) is not { } delay)
        {
            return false;
        }

        attempt.Account.Last = attempt;
        speculation?.CountWaiting(1);
        if (_retries!.TryAdd(attempt.Item, delay))
        {
            return true;
        }

        speculation?.CountWaiting(-1);
        attempt.Account.Last = null;
        return false;
    }

    private TimeSpan? DelayBeforeRetry(ItemAttempt attempt)
    {
        ItemAccount account = attempt.Account;
        if (attempt.End is { Status: ItemStatus.Crashed, IsLost: true } && account.Losses < options.LossRetryCount)
        {
            account.Losses++;
            return TimeSpan.Zero;
        }

        if (attempt.End.Status is ItemStatus.Crashed)
        {
            // At once: a worker's death is nothing that waiting would help.
            return account.Crashes++ < options.CrashRetryCount ? TimeSpan.Zero : null;
        }

        return !attempt.End.IsFinal && attempt.End.Status is ItemStatus.Failed or ItemStatus.TimedOut && options.Retry?.AllowsAnother(account.Failures) == true
            ? attempt.End.RetryAfter ?? options.Retry.NextDelay(account.Failures, options.Random)
            : null;
    }

    private bool MaySplit(ItemAccount account) => account.Members.Count > 1 && options.Groups is { Splits: true };

    /// <summary>Has the items of a group that has failed for good tried one by one.</summary>
    private bool TrySplit(ItemAttempt attempt)
    {
        if (attempt.End.Status is ItemStatus.Succeeded || attempt.IsStopRequested || !MaySplit(attempt.Account))
        {
            return false;
        }

        // The last one first, as each is put before all others.
        BatchItem[] singles = [.. attempt.Account.Members.Select((_, i) => ToSingle(attempt, i)).Reverse()];
        singles[^1].Account!.OutputPath ??= attempt.Account.OutputPath;
        speculation?.CountWaiting(singles.Length);
        if (_retries!.TryPass(singles))
        {
            return true;
        }

        speculation?.CountWaiting(-singles.Length);
        return false;
    }

    private BatchItem ToSingle(ItemAttempt attempt, int member)
    {
        ItemAccount group = attempt.Account;
        BatchItem single = ItemGroups.Join(options.Groups!, [group.Members[member]], attempt);
        ItemAccount account = single.Account!;
        account.StartedAt = group.StartedAt;
        account.Attempts = group.Attempts;
        (account.Duration, account.CpuTime) = (group.Duration / group.Count, group.CpuTime / group.Count);
        account.Last = attempt.ShareWith(single, hasOutput: member == 0);
        return single;
    }

    private void NoteFinished(ItemStatus status, int count)
    {
        if (status is not ItemStatus.Succeeded)
        {
            Interlocked.Add(ref _failed, count);
        }

        Interlocked.Add(ref _finished, count);
        CompleteQueueIfDone();
    }

    // Both sides set their own mark before they read the other's, so the later one sees both.
    private void CompleteQueueIfDone()
    {
        if (Volatile.Read(ref _inputEnded) != 0 && (!(Retries || options.Speculates) || Finished == Volatile.Read(ref _read)))
        {
            queue.Complete();
        }
    }
}
