using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Gives idle workers copies of items that still run, once there is nothing else to take, and decides which of two attempts at an item counts: the first that
/// succeeds, else the one that ends last.
/// </summary>
/// <remarks>
/// A copy is an item with an account of its own that leads to the attempt it copies. It is in no queue: it is either with a worker or forgotten. Called with the
/// queue's lock held, so nothing in this one's lock may call the queue.
/// </remarks>
internal sealed class Speculation : IDisposable
{
    // How much longer than half of the others an item runs before it is copied, and at least how long: one that is about to end is not copied.
    private const double LongerThanUsual = 1.5;
    private const int MostDurations = 1000;

    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);

    // The most that a timer can wait. Then it is looked again.
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(40);

    private readonly object _lock = new();
    private readonly TimeProvider _clock;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly ITimer _timer;
    private readonly Dictionary<QueueTaker<BatchItem>, Func<string?>> _workers = [];
    private readonly Dictionary<ItemAttempt, Runner> _running = [];
    private readonly List<long> _durations = [];
    private long _ended;
    private long? _median;
    private int _waiting;
    private bool _isInputEnded;

    public Speculation(TimeProvider clock, BoundedQueue<BatchItem> queue)
    {
        _clock = clock;
        _queue = queue;
        _timer = clock.CreateTimer(_ => queue.NoteNoneComesBack(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Called when an attempt was beaten and is to be stopped.</summary>
    public required Action Beaten { get; init; }

    /// <summary>A worker takes items from now on.</summary>
    /// <param name="getHost">Tells which machine it is on.</param>
    public void Join(QueueTaker<BatchItem> taker, Func<string?> getHost)
    {
        lock (_lock)
        {
            _workers.Add(taker, getHost);
        }
    }

    /// <summary>No item will be read any more.</summary>
    public void EndInput()
    {
        lock (_lock)
        {
            _isInputEnded = true;
        }

        _queue.NoteNoneComesBack();
    }

    /// <summary>An item waits for another attempt, or no more: while one does, workers are kept for it. Without the lock, as others may be held.</summary>
    public void CountWaiting(int change) => Interlocked.Add(ref _waiting, change);

    /// <summary>Takes a copy for a worker that would otherwise wait. With the queue's lock held.</summary>
    public bool TryCopy(QueueTaker<BatchItem> taker, out BatchItem copy)
    {
        copy = default;
        lock (_lock)
        {
            if (!_isInputEnded || Volatile.Read(ref _waiting) > 0 || _durations.Count == 0)
            {
                return false;
            }

            string? host = _workers[taker]();
            bool othersWaitElsewhere = _workers.Any(worker => worker.Key.IsWaiting && worker.Value() != host);
            long now = _clock.GetTimestamp();
            long next = long.MaxValue;
            List<(ItemAttempt Attempt, Runner Runner, bool IsElsewhere)> slow = [];
            foreach ((ItemAttempt attempt, Runner runner) in _running.Where(pair => !pair.Value.HasCopy))
            {
                bool isElsewhere = _workers[runner.Taker]() != host;
                long due = attempt.StartedAt + SlowAfter();
                if (due <= now && (isElsewhere || !othersWaitElsewhere))
                {
                    slow.Add((attempt, runner, isElsewhere));
                }
                else
                {
                    // One that is due is left to a worker on another machine, which is to look at once.
                    next = Math.Min(next, due);
                }
            }

            SetTimer(next, now);
            if (slow.Count == 0)
            {
                return false;
            }

            (ItemAttempt slowest, Runner its, _) = slow.OrderByDescending(candidate => candidate.IsElsewhere).ThenBy(candidate => candidate.Attempt.StartedAt).First();
            its.HasCopy = true;
            copy = slowest.Item with { Account = new ItemAccount(now) { CopyOf = slowest } };
            return true;
        }
    }

    /// <summary>Whether a copy that was not begun still has a use.</summary>
    public bool IsWanted(in BatchItem copy)
    {
        lock (_lock)
        {
            return _running.ContainsKey(copy.Account!.CopyOf!);
        }
    }

    /// <summary>A copy will not be begun.</summary>
    public void Drop(in BatchItem copy)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(copy.Account!.CopyOf!, out Runner? runner))
            {
                runner.HasCopy = false;
            }
        }

        _queue.NoteNoneComesBack();
    }

    /// <summary>An attempt begins.</summary>
    /// <param name="item">The item as it was taken: a copy, perhaps.</param>
    public void Begin(ItemAttempt attempt, in BatchItem item, QueueTaker<BatchItem> taker)
    {
        lock (_lock)
        {
            Runner runner = new(taker);
            if (item.Account!.CopyOf is { } original)
            {
                if (!_running.TryGetValue(original, out Runner? its))
                {
                    attempt.IsBeaten = true;
                    return;
                }

                attempt.Account.Attempts++;
                attempt.Account.Copies++;
                (its.Rival, runner.Rival, runner.HasCopy) = (attempt, original, true);
            }

            _running.Add(attempt, runner);
        }

        EndWaitIfNoneLeft();
    }

    /// <summary>Decides whether an attempt counts that ends, or is about to. It stays so.</summary>
    public bool Decide(ItemAttempt attempt, in ItemEnd end)
    {
        bool hasBeaten = false;
        lock (_lock)
        {
            if (!_running.Remove(attempt, out Runner? runner))
            {
                return !attempt.IsBeaten;
            }

            if (end.Status is ItemStatus.Succeeded or ItemStatus.Failed)
            {
                NoteDuration(attempt);
            }

            if (runner.Rival is { } rival && end.Status is ItemStatus.Succeeded)
            {
                _running.Remove(rival);
                rival.IsBeaten = hasBeaten = true;
            }
            else if (runner.Rival is { } other)
            {
                // The other may do better. Where this one was only lost, yet another may be tried.
                attempt.IsBeaten = true;
                LeaveAlone(other, mayBeCopied: end.IsLost);
            }
        }

        if (hasBeaten)
        {
            Beaten();
        }

        EndWaitIfNoneLeft();
        return !attempt.IsBeaten;
    }

    /// <summary>Takes an attempt back of which nothing was done.</summary>
    /// <returns>Whether the item is to be given to another worker, as no other has it.</returns>
    public bool Withdraw(ItemAttempt attempt)
    {
        lock (_lock)
        {
            if (!_running.Remove(attempt, out Runner? runner))
            {
                return false;
            }

            attempt.Account.Attempts--;
            if (runner.Rival is not { } rival)
            {
                return true;
            }

            attempt.Account.Copies--;
            LeaveAlone(rival, mayBeCopied: true);
        }

        EndWaitIfNoneLeft();
        return false;
    }

    public void Dispose() => _timer.Dispose();

    private void LeaveAlone(ItemAttempt rival, bool mayBeCopied)
    {
        Runner runner = _running[rival];
        runner.Rival = null;
        runner.HasCopy = !mayBeCopied;
    }

    private void EndWaitIfNoneLeft()
    {
        if (Volatile.Read(ref _isInputEnded) && _queue.WaitingTakers > 0)
        {
            _queue.NoteNoneComesBack();
        }
    }

    private void NoteDuration(ItemAttempt attempt)
    {
        long duration = _clock.GetTimestamp() - attempt.StartedAt;
        if (_durations.Count < MostDurations)
        {
            _durations.Add(duration);
        }
        else
        {
            _durations[(int)(_ended % MostDurations)] = duration;
        }

        _ended++;
        _median = null;
    }

    private long SlowAfter()
    {
        _median ??= _durations.Order().ElementAt((_durations.Count - 1) / 2);
        return (long)Math.Max(_median.Value * LongerThanUsual, _shortest.TotalSeconds * _clock.TimestampFrequency);
    }

    private void SetTimer(long due, long now)
    {
        if (due < long.MaxValue)
        {
            // A timer counts whole milliseconds: rounded up, so that it does not come just before its time, nor at once while locks are held.
            TimeSpan left = _clock.GetElapsedTime(now, Math.Max(now, due)) + TimeSpan.FromMilliseconds(1);
            _timer.Change(left < _longestWait ? left : _longestWait, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Runner(QueueTaker<BatchItem> taker)
    {
        public QueueTaker<BatchItem> Taker => taker;

        /// <summary>The other attempt at the same item; null if there is none.</summary>
        public ItemAttempt? Rival { get; set; }

        /// <summary>Whether it is not to be copied, as it has been.</summary>
        public bool HasCopy { get; set; }
    }
}
