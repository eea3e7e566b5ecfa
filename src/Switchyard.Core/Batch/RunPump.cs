using Switchyard.Core.Items;
using Switchyard.Core.Journal;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// A run's input and output as the feeding thread sees them: it adds items, writes what comes, and waits for whichever of the two
/// can go on.
/// </summary>
internal sealed class RunPump
{
    // How far items may run ahead of the first unfinished one, as a multiple of the queue's size.
    private const int OrderWindow = 4;

    private const int LingerMilliseconds = 1;

    // How many items a fast input may add before output is looked at. A slow one looks at it each time.
    private const int AddsPerDrain = 32;

    // How often the number of workers is looked at again while items wait: only then is there a tick at all.
    private const int GrowthMilliseconds = 20;

    private readonly object _postLock = new();
    private readonly BatchRun _run;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly WakeSignal _signal;
    private readonly WorkerPool _pool;
    private readonly OutputReader _reader;
    private readonly ProgressReporter? _progress;
    private readonly RunJournal? _journal;
    private readonly bool _tellsOfSkipped;
    private readonly int _feedAhead;
    private IInputSource[] _feeds = [];
    private long _read;
    private int _addsSinceDrain;
    private long _lastDrain;
    private volatile bool _isInputEnded;

    /// <summary>Has read nothing yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="queue">Where items go.</param>
    /// <param name="signal">Wakes the feeding thread.</param>
    /// <param name="pool">Grows with the backlog.</param>
    /// <param name="reader">Where output comes from.</param>
    /// <param name="progress">Tells how far the run is; null for nobody.</param>
    /// <param name="options">What the caller wants.</param>
    public RunPump(
        BatchRun run,
        BoundedQueue<BatchItem> queue,
        WakeSignal signal,
        WorkerPool pool,
        OutputReader reader,
        ProgressReporter? progress,
        BatchOptions options)
    {
        _run = run;
        _queue = queue;
        _signal = signal;
        _pool = pool;
        _reader = reader;
        _progress = progress;
        _journal = options.Journal;
        _tellsOfSkipped = options.CollectResults || options.KeepOrder;
        _feedAhead = (int)Math.Clamp(options.ThrottleLimit * 2L, 32, 1024);
    }

    /// <summary>How many items were read. May be read on any thread.</summary>
    public long Read => Volatile.Read(ref _read);

    private bool TakesNothing => _run.IsEnded || _run.HasTooManyFailures;

    /// <inheritdoc cref="BatchRun.Add"/>
    public bool Add(object? input, IResultSink sink)
    {
        if (_signal.IsAnnounced && IsDrainDue())
        {
            Drain(sink);
        }

        if (TakesNothing)
        {
            return false;
        }

        if (TrySkip(input, out ItemKey key))
        {
            return true;
        }

        BatchItem item = new(_read, input) { Account = _run.Tracker?.Open(key) };
        bool wakeBatched = true;
        while (true)
        {
            if (TakesNothing)
            {
                return false;
            }

            if (HasRoom() && _queue.TryAdd(item) == AddResult.Added)
            {
                CountAdded();
                _pool.GrowForAdded();
                return true;
            }

            wakeBatched = Await(wakeImmediately: !wakeBatched, () => !HasRoom() || _queue.WaitsForRoom());
            Drain(sink);
        }
    }

    /// <inheritdoc cref="BatchRun.Post"/>
    public bool Post(object? input)
    {
        lock (_postLock)
        {
            if (TakesNothing)
            {
                return false;
            }

            if (TrySkip(input, out ItemKey key))
            {
                return true;
            }

            if (_queue.TryAdd(new BatchItem(_read, input) { Account = _run.Tracker?.Open(key) }) != AddResult.Added)
            {
                return false;
            }

            CountAdded();
        }

        _pool.GrowForAdded();
        return true;
    }

    /// <inheritdoc cref="BatchRun.AddFeed"/>
    public bool AddFeed(IInputSource feed)
    {
        lock (_postLock)
        {
            if (TakesNothing)
            {
                return false;
            }

            _run.KeepAccounts();
            _feeds = [.. _feeds, feed];
        }

        feed.Changed += _signal.Set;
        _signal.Set();
        return true;
    }

    /// <inheritdoc cref="BatchRun.EndInput"/>
    public void EndInput()
    {
        lock (_postLock)
        {
            _isInputEnded = true;
            if (_feeds.Length == 0)
            {
                EndItems();
            }
        }

        _signal.Set();
    }

    /// <summary>Writes until the input has ended and all items are done.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run was ended before that.</returns>
    public bool Pump(IResultSink sink)
    {
        bool wakeBatched = true;
        while (true)
        {
            // The order matters: what a worker wrote before it became idle is in its buffer when the lanes are drained.
            TakeFromFeeds();
            bool done = IsDone();
            Drain(sink);
            if (_run.IsEnded)
            {
                return false;
            }

            // A drain may have passed a buffer over because too much was kept, and then made room for it.
            if (done && _reader.AreBuffersEmpty())
            {
                return true;
            }

            _pool.GrowIfWorthwhile();
            wakeBatched = Await(wakeImmediately: !wakeBatched, () => !IsDone() && !MayTakeFromFeed());
        }
    }

    /// <summary>Counts an item that was read when the run took no more.</summary>
    /// <returns>Its index.</returns>
    public long Skip() => _read++;

    /// <summary>
    /// Takes nothing more, once the run is over. Waits for an item that is just being posted: it may be in the queue and not counted yet. No
    /// other gets in any more.
    /// </summary>
    public void Close()
    {
        IInputSource[] feeds;
        lock (_postLock)
        {
            (feeds, _feeds) = (_feeds, []);
        }

        foreach (IInputSource feed in feeds)
        {
            feed.Changed -= _signal.Set;
        }
    }

    /// <summary>Passes an item over that has succeeded in an earlier run.</summary>
    /// <param name="input">The item.</param>
    /// <param name="key">What it is known by, if a journal is kept.</param>
    /// <returns>False if it is to be run.</returns>
    private bool TrySkip(object? input, out ItemKey key)
    {
        key = default;
        if (_journal is null)
        {
            return false;
        }

        key = _journal.Identify(input);
        if (!_journal.TrySkip(key))
        {
            return false;
        }

        if (_tellsOfSkipped)
        {
            ItemResult skipped = new() { Index = _read, Input = input, Status = ItemStatus.Skipped };
            _reader.Announce(new ItemRecord(_read, RecordKind.End, _run.Tracker!.CollectsResults ? skipped : null));
        }

        _read++;
        return true;
    }

    private void EndItems()
    {
        if (_run.Tracker is not null)
        {
            _run.Tracker.EndInput();
        }
        else
        {
            _queue.Complete();
        }
    }

    // No more than the workers will soon want: others may take from a feed, too, and a full one holds up those who fill it.
    private bool HasRoomForFeed() => !TakesNothing && HasRoom() && _queue.Count < _feedAhead;

    private bool MayTakeFromFeed() => HasRoomForFeed() && Array.Exists(_feeds, feed => feed.IsReady);

    private void TakeFromFeeds()
    {
        foreach (IInputSource feed in _feeds)
        {
            try
            {
                TakeFrom(feed);
            }
            catch (Exception exception)
            {
                // It was disposed of, or an item of it could not be prepared. There is nobody else to be told on this thread.
                _run.Fail(exception);
            }
        }
    }

    private void TakeFrom(IInputSource feed)
    {
        bool hasEnded = feed.HasEnded;
        while (!hasEnded && HasRoomForFeed() && feed.TryTake(out object? input))
        {
            lock (_postLock)
            {
                if (TrySkip(input, out ItemKey key))
                {
                    feed.NoteDone();
                }
                else if (!TakesNothing && _queue.TryAdd(new BatchItem(_read, input) { Account = _run.Tracker!.Open(key, feed) }) == AddResult.Added)
                {
                    CountAdded();
                }
                else
                {
                    feed.Return(input);
                    return;
                }
            }

            _pool.GrowForAdded();
        }

        if (hasEnded)
        {
            feed.Changed -= _signal.Set;
            lock (_postLock)
            {
                _feeds = [.. _feeds.Where(other => other != feed)];
                if (_isInputEnded && _feeds.Length == 0)
                {
                    EndItems();
                }
            }
        }
    }

    private void CountAdded()
    {
        _read++;
        _run.Tracker?.NoteRead();
    }

    /// <summary>Waits for the signal, first patiently, then hungrily.</summary>
    /// <returns>Whether the next wait may be a wakeBatched one again.</returns>
    private bool Await(bool wakeImmediately, Func<bool> nothingHappened)
    {
        _signal.Prepare(wakeImmediately);
        if (!nothingHappened() || (wakeImmediately && _reader.HasOutput()) || _run.IsEnded)
        {
            return true;
        }

        bool mayGrow = _pool.MayGrow && (!_queue.IsEmpty() || _pool.HasReserved);
        int longest = !wakeImmediately ? LingerMilliseconds : mayGrow ? GrowthMilliseconds : _progress?.MillisecondsToNext ?? Timeout.Infinite;
        bool woken = _signal.Wait(longest);
        if (mayGrow)
        {
            _pool.GrowIfWorthwhile();
        }

        return woken;
    }

    // Fetching a record at a time costs as much as running a trivial item.
    private bool IsDrainDue()
    {
        long now = Environment.TickCount64;
        if (++_addsSinceDrain < AddsPerDrain && now == _lastDrain)
        {
            return false;
        }

        _addsSinceDrain = 0;
        _lastDrain = now;
        return true;
    }

    private bool HasRoom()
    {
        long window = (long)_queue.Capacity * OrderWindow;
        return _reader.CountAhead(_read) < window && (_run.Tracker is null || _run.Tracker.HasRoom);
    }

    private bool IsDone()
    {
        // The queue first: a worker that takes the last item after it was looked at would not be seen at work.
        if (!(_run.HasTooManyFailures || (_isInputEnded && _queue.IsCompleted && _queue.IsEmpty())))
        {
            return false;
        }

        foreach (WorkerThread slot in _pool.Slots)
        {
            if (slot.IsBusy)
            {
                return false;
            }
        }

        return true;
    }

    private void Drain(IResultSink sink)
    {
        try
        {
            _reader.Drain(sink);
            _progress?.ReportIfDue();
        }
        catch
        {
            // Records are lost now, so the run cannot go on as if nothing had happened.
            _run.Cancel();
            throw;
        }
    }
}
