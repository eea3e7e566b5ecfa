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

    public bool CollectsResults => options.CollectResults;

    public bool HasRoom => Waiting < MaxWaiting;

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
            && options.Retry?.AllowsAnother(account.Failures) != true
            && account.Crashes >= options.CrashRetryCount
            && account.Losses >= options.LossRetryCount;
        TimeSpan? cpu = _readsClock && ThreadClock.TryRead(out TimeSpan sofar) ? sofar : null;
        ItemAttempt attempt = new(
            account.CopyOf?.Item ?? item, workerId, now, cpu, options.CollectResults, !isLast, options.Journal is not null, workers.HasLastWords, options.StandardErrors)
        {
            IsCopy = isCopy,
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

        if (!counts || TryRetry(attempt))
        {
            if (isAbandoned)
            {
                buffer.Seal([], null);
            }

            return false;
        }

        ItemResult? result = TryTell(attempt);
        options.Journal?.Add(attempt, isHandedOn: result is not null || attempt.Held.Count > 0);
        ItemRecord end = new(attempt.Item.Index, RecordKind.End, result);
        if (isAbandoned)
        {
            buffer.Seal(attempt.Held, end);
        }
        else if (result is not null || options.KeepOrder || attempt.Held.Count > 0)
        {
            buffer.AddEnd(attempt.Held, end);
        }

        NoteFinished(attempt.End.Status);
        attempt.Account.Source?.NoteDone();
        return true;
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

    /// <summary>Makes the result of an item whose last attempt has ended and is booked, if it is to be told of.</summary>
    /// <returns>The result; null if what the item wrote says it all.</returns>
    public ItemResult? TryTell(ItemAttempt attempt) =>
        options.CollectResults || attempt.End.Status is ItemStatus.TimedOut or ItemStatus.Crashed || IsStopped(attempt) ? ToResult(attempt) : null;

    /// <summary>Makes the result of an item whose last attempt has ended and is booked.</summary>
    public ItemResult ToResult(ItemAttempt attempt)
    {
        ItemAccount account = attempt.Account;
        return new ItemResult
        {
            Index = attempt.Item.Index,
            Input = attempt.Item.Input,
            Status = attempt.End.Status,
            IsStopped = IsStopped(attempt),
            Output = attempt.Output,
            Errors = attempt.Errors,
            Attempts = account.Attempts,
            Duration = account.Duration,
            QueueTime = QueueTime(account),
            CpuTime = account.CpuTime,
            WorkerId = attempt.WorkerId,
            HostName = attempt.End.HostName,
            ExitCode = attempt.End.ExitCode,
            OutputPath = account.OutputPath,
        };
    }

    /// <summary>Makes the result of an item that was never started.</summary>
    public ItemResult ToSkipped(in BatchItem item) => new()
    {
        Index = item.Index,
        Input = item.Input,
        Status = ItemStatus.Skipped,
        QueueTime = item.Account is null ? TimeSpan.Zero : QueueTime(item.Account),
    };

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

    private static bool IsStopped(ItemAttempt attempt) => attempt.IsStopRequested && attempt.End.Status is ItemStatus.Canceled;

    private bool TryRetry(ItemAttempt attempt)
    {
        if (DelayBeforeRetry(attempt) is not { } delay)
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

    private void NoteFinished(ItemStatus status)
    {
        if (status is not ItemStatus.Succeeded)
        {
            Interlocked.Increment(ref _failed);
        }

        Interlocked.Increment(ref _finished);
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

    private TimeSpan QueueTime(ItemAccount account) =>
        clock.GetElapsedTime(account.ReadAt, account.StartedAt ?? clock.GetTimestamp());
}
