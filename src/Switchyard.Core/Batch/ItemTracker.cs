using Switchyard.Core.Gauges;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Keeps account of each item: its attempts, its times, whether it is tried again. Only runs that need one have it. An item is at
/// any time in one place (queue, worker, waiting for a retry), and leaves the tracker by one result.
/// </summary>
internal sealed class ItemTracker : IDisposable
{
    // Beyond this many waiting retries no further input is read: an endless input that only fails must not fill the memory.
    private const int MaxWaiting = 1024;

    private readonly BatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly StartGate? _gate;
    private readonly RetryQueue? _retries;
    private readonly bool _readsClock;
    private readonly List<BatchItem> _left = [];
    private long _read;
    private long _finished;
    private long _failed;
    private int _inputEnded;

    /// <summary>Opens a tracker.</summary>
    /// <param name="options">What the caller wants.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="queue">Where items wait for a worker, and return to for another attempt.</param>
    /// <param name="signal">Set when there is room for more input.</param>
    /// <param name="gate">What items pass before they start: a server that asks for timeout closes it.</param>
    /// <param name="runsElsewhere">Whether the processor time of the workers' threads is none of the items'.</param>
    public ItemTracker(
        BatchOptions options, TimeProvider clock, BoundedQueue<BatchItem> queue, WakeSignal signal, StartGate? gate, bool runsElsewhere)
    {
        _options = options;
        _clock = clock;
        _queue = queue;
        _gate = gate;
        _readsClock = options.CollectResults && !runsElsewhere;
        _retries = !options.Retries ? null : new RetryQueue(clock, item =>
        {
            queue.Return(item);
            signal.Set();
        });
    }

    /// <summary>How many items have ended for good.</summary>
    public long Finished => Interlocked.Read(ref _finished);

    /// <summary>How many of them did not succeed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>How many wait for another attempt.</summary>
    public int Waiting => _retries?.Count ?? 0;

    /// <summary>Whether items may be tried again.</summary>
    public bool Retries => _retries is not null;

    /// <summary>Whether output and errors are collected in results.</summary>
    public bool CollectsResults => _options.CollectResults;

    /// <summary>Whether there is room for more input.</summary>
    public bool HasRoom => Waiting < MaxWaiting;

    /// <summary>Opens an account for an item that was read.</summary>
    /// <param name="key">What it is known by in other runs, where a journal is kept.</param>
    /// <param name="feed">Where it was taken from; null if it was piped in.</param>
    /// <returns>The account.</returns>
    public ItemAccount Open(ItemKey key = default, IInputSource? feed = null) => new(_clock.GetTimestamp()) { Key = key, Feed = feed };

    /// <summary>Counts an item whose account was opened: it is in the queue now.</summary>
    public void NoteRead() => Volatile.Write(ref _read, _read + 1);

    /// <summary>Says that no further item will be read: the queue is complete when those that were are done.</summary>
    public void EndInput()
    {
        Interlocked.Exchange(ref _inputEnded, 1);
        CompleteQueueIfDone();
    }

    /// <summary>Begins an attempt. Called on the worker's thread.</summary>
    /// <param name="item">The item.</param>
    /// <param name="workerId">Number of the worker.</param>
    /// <returns>The attempt.</returns>
    public ItemAttempt Begin(in BatchItem item, int workerId)
    {
        ItemAccount account = item.Account!;
        long now = _clock.GetTimestamp();
        account.StartedAt ??= now;
        account.Attempts++;
        account.Last = null;

        // The last attempt counts however it ends, so nothing of it need be held back.
        bool isLast = _options.Retry?.AllowsAnother(account.Attempts - account.Crashes) != true && account.Crashes >= _options.CrashRetryCount;
        TimeSpan? cpu = _readsClock && ThreadClock.TryRead(out TimeSpan sofar) ? sofar : null;
        return new ItemAttempt(item, workerId, now, cpu, _options.CollectResults, !isLast, _options.Journal is not null);
    }

    /// <summary>Books an attempt that has ended, and hands it on: to another attempt, or as the item's last.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="buffer">Takes the item's last records.</param>
    /// <param name="abandons">Whether its worker is left behind: then the buffer takes nothing more.</param>
    /// <returns>Whether it was the last.</returns>
    public bool HandOn(ItemAttempt attempt, OutputBuffer buffer, bool abandons)
    {
        Book(attempt, isWorker: !abandons);
        if (TryRetry(attempt))
        {
            if (abandons)
            {
                buffer.Seal([], null);
            }

            return false;
        }

        Note(attempt);
        ItemResult? result = TryTell(attempt);
        ItemRecord end = new(attempt.Item.Index, RecordKind.End, result);
        if (abandons)
        {
            buffer.Seal(attempt.Held, end);
        }
        else if (result is not null || _options.KeepOrder || attempt.Held.Count > 0)
        {
            buffer.AddEnd(attempt.Held, end);
        }

        NoteFinished(attempt.End.Status);
        attempt.Account.Feed?.NoteDone();
        return true;
    }

    /// <summary>Books an attempt that has ended.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isWorker">Whether called on the worker's thread, whose clock can be read.</param>
    public void Book(ItemAttempt attempt, bool isWorker)
    {
        ItemAccount account = attempt.Account;
        account.Duration += attempt.End.Duration ?? _clock.GetElapsedTime(attempt.StartedAt);
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
    /// <param name="attempt">That attempt.</param>
    public void Note(ItemAttempt attempt) => _options.Journal?.Add(attempt);

    /// <summary>Makes the result of an item whose last attempt has ended and is booked, if it is to be told of.</summary>
    /// <param name="attempt">That attempt.</param>
    /// <returns>The result; null if what the item wrote says it all.</returns>
    public ItemResult? TryTell(ItemAttempt attempt) =>
        _options.CollectResults || attempt.End.Status is ItemStatus.TimedOut or ItemStatus.Crashed ? ToResult(attempt) : null;

    /// <summary>Makes the result of an item whose last attempt has ended and is booked.</summary>
    /// <param name="attempt">That attempt.</param>
    /// <returns>The result.</returns>
    public ItemResult ToResult(ItemAttempt attempt)
    {
        ItemAccount account = attempt.Account;
        return new ItemResult
        {
            Index = attempt.Item.Index,
            Input = attempt.Item.Input,
            Status = attempt.End.Status,
            Output = attempt.Output,
            Errors = attempt.Errors,
            Attempts = account.Attempts,
            Duration = account.Duration,
            QueueTime = QueueTime(account),
            CpuTime = account.CpuTime,
            WorkerId = attempt.WorkerId,
            ExitCode = attempt.End.ExitCode,
        };
    }

    /// <summary>Makes the result of an item that was never started.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The result.</returns>
    public ItemResult ToSkipped(in BatchItem item) => new()
    {
        Index = item.Index,
        Input = item.Input,
        Status = ItemStatus.Skipped,
        QueueTime = item.Account is null ? TimeSpan.Zero : QueueTime(item.Account),
    };

    /// <summary>Starts no retry any more.</summary>
    public void StopRetries()
    {
        // Out of the one and into the other inside the lock: whoever makes the account comes to it on another thread.
        lock (_left)
        {
            _left.AddRange(_retries?.Close() ?? []);
        }
    }

    /// <summary>The items that waited for a retry when those were stopped.</summary>
    /// <returns>The items.</returns>
    public IReadOnlyList<BatchItem> TakeLeft()
    {
        lock (_left)
        {
            BatchItem[] left = [.. _left];
            _left.Clear();
            return left;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _retries?.Dispose();

    private bool TryRetry(ItemAttempt attempt)
    {
        if (attempt.End.RetryAfter is { } timeout)
        {
            // Also if this item has no attempt left: the others would be refused as well.
            _gate?.HoldFor(timeout);
        }

        if (DelayBeforeRetry(attempt) is not { } delay)
        {
            return false;
        }

        attempt.Account.Last = attempt;
        if (_retries!.TryAdd(attempt.Item, delay))
        {
            return true;
        }

        attempt.Account.Last = null;
        return false;
    }

    private TimeSpan? DelayBeforeRetry(ItemAttempt attempt)
    {
        ItemAccount account = attempt.Account;
        if (attempt.End.Status is ItemStatus.Crashed)
        {
            // At once: what waiting would help has not died.
            return account.Crashes++ < _options.CrashRetryCount ? TimeSpan.Zero : null;
        }

        int failures = account.Attempts - account.Crashes;
        return !attempt.End.IsFinal && attempt.End.Status is ItemStatus.Failed or ItemStatus.TimedOut && _options.Retry?.AllowsAnother(failures) == true
            ? attempt.End.RetryAfter ?? _options.Retry.NextDelay(failures, _options.Random)
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

    // Both sides set their own mark before they look at the other's, so the later one sees both.
    private void CompleteQueueIfDone()
    {
        if (Volatile.Read(ref _inputEnded) != 0 && (!Retries || Finished == Volatile.Read(ref _read)))
        {
            _queue.Complete();
        }
    }

    private TimeSpan QueueTime(ItemAccount account) =>
        _clock.GetElapsedTime(account.ReadAt, account.StartedAt ?? _clock.GetTimestamp());
}
