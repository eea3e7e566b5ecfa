using System.Diagnostics;
using System.Globalization;
using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// A worker's place in a run: its thread, its end of the queue and its buffer. It stands between the two, so it knows at any time
/// which item its worker is on.
/// </summary>
internal sealed class WorkerThread : IItemSource, IItemAhead, IItemSink
{
    // As the engine's own pipeline threads have: scripts recurse deeply.
    private const int StackBytes = 10_000_000;

    private readonly BatchRun _run;
    private readonly IBatchWorker _worker;
    private readonly QueueTaker<BatchItem> _taker;
    private readonly OutputBuffer _output;
    private readonly bool _marksEnds;
    private readonly Thread _thread;
    private readonly object _stopLock = new();
    private readonly UserCodeInterrupter _interrupter;
    private readonly AttemptStopper _stopper;
    private readonly ThrottlePlace? _place;
    private readonly BoundedQueue<BatchItem> _queue;

    // What the worker has taken and not begun. Its lock also guards against a worker that was left behind.
    private readonly RingBuffer<BatchItem> _reserved = new(4);
    private bool _isClosed;
    private BatchItem _current;
    private long _currentIndex = ItemRecord.NoItem;
    private TimeSpan _blockedBefore;
    private bool _isAtGate;
    private bool _hasArrived;
    private bool _stopRequested;
    private bool _mustLeave;
    private bool _isAbandoned;
    private long _taken;
    private long _left;
    private long _failed;
    private int _phase;

    public WorkerThread(
        BatchRun run, IBatchWorker worker, int number, BoundedQueue<BatchItem> queue, OutputBuffer buffer, bool marksEnds)
    {
        _run = run;
        _worker = worker;
        _queue = queue;
        _taker = queue.AddTaker();
        _output = buffer;
        _marksEnds = marksEnds;
        Number = number;
        _thread = new Thread(Main, StackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"Switchyard worker {number}"),
            CurrentCulture = CultureInfo.CurrentCulture,
            CurrentUICulture = CultureInfo.CurrentUICulture,
        };
        _interrupter = new UserCodeInterrupter(_thread);
        _stopper = new AttemptStopper(_interrupter, () => StartBackground(worker.StopItem));
        _place = run.Tuner is null ? null : new ThrottlePlace(run.Tuner, _taker);
    }

    /// <summary>Number of the worker in the run, from 1.</summary>
    public int Number { get; }

    /// <summary>What the worker writes.</summary>
    public OutputBuffer Output => _output;

    /// <summary>How far the worker is.</summary>
    public SlotPhase Phase => (SlotPhase)Volatile.Read(ref _phase);

    /// <summary>How many items failed, in runs without accounts.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>How many items ended, in runs without accounts.</summary>
    public long Finished => _run.Tracker is null ? Volatile.Read(ref _left) : 0;

    /// <summary>Index of the item that it has; -1 if it has none.</summary>
    public long CurrentIndex => Volatile.Read(ref _currentIndex);

    /// <summary>Whether the item that it has was started, or is only about to be.</summary>
    public bool HasStarted => !Volatile.Read(ref _isAtGate);

    /// <summary>Whether an item runs.</summary>
    public bool IsRunningItem => CurrentIndex >= 0 && HasStarted && !IsAbandoned;

    /// <summary>The attempt that runs, in runs with accounts.</summary>
    public ItemAttempt? Attempt => _stopper.Current;

    /// <summary>Stops that attempt when its time is up.</summary>
    public AttemptStopper Stopper => _stopper;

    /// <summary>How long the attempt that runs was kept waiting by a caller who is behind. That is not its own time.</summary>
    public TimeSpan BlockedTime => _output.BlockedTime - _blockedBefore;

    /// <summary>How many items it has taken and not begun. A snapshot.</summary>
    public int ReservedCount => _reserved.Count;

    /// <summary>Whether it was left behind.</summary>
    public bool IsAbandoned => Volatile.Read(ref _isAbandoned);

    /// <summary>Whether it may still take items, or its item is still being handed on for it.</summary>
    public bool IsBusy => (Phase == SlotPhase.Running && !IsAbandoned) || Attempt is { IsEnded: true };

    /// <summary>Whether it was left behind and there is nothing more to come or to count.</summary>
    public bool IsGone => IsAbandoned && Phase == SlotPhase.Ended && Attempt is null && _output.IsEmpty();

    /// <inheritdoc/>
    public IItemAhead Ahead => this;

    /// <inheritdoc/>
    public bool OthersWait => _queue.WaitingTakers > 0;

    /// <inheritdoc/>
    public bool MayStart => !_queue.IsCanceled && !Volatile.Read(ref _mustLeave) && _run.Gate is null or { CountsStarts: true } or { IsOpen: true };

    public void Start() => _thread.Start();

    public bool TryTake(out BatchItem item)
    {
        if (Volatile.Read(ref _mustLeave))
        {
            _place?.Leave(isWorker: true);
            item = default;
            return false;
        }

        if (!TryEnterAndTake(out item))
        {
            return false;
        }

        Arrive();
        _current = item;
        bool passes = true;
        if (_run.Gate is { } gate)
        {
            Volatile.Write(ref _isAtGate, true);
            SetCurrent(item);
            passes = gate.Pass();
            Volatile.Write(ref _isAtGate, !passes);
        }
        else
        {
            SetCurrent(item);
        }

        if (passes)
        {
            BeginCurrent();
            EnterUserCode();
        }

        return passes;
    }

    /// <inheritdoc/>
    public bool TryReserve(bool waits, out BatchItem item)
    {
        if (Volatile.Read(ref _mustLeave) || !(waits ? TryEnterAndTake(out item) : TryTakeAhead(out item)))
        {
            item = default;
            return false;
        }

        Arrive();
        lock (_reserved)
        {
            if (_isClosed)
            {
                _queue.Return(item);
                return false;
            }

            _reserved.AddLast(item);
        }

        // Not begun yet, so if it may not pass it is found among what is reserved.
        return !waits || _run.Gate?.Pass() != false;
    }

    /// <inheritdoc/>
    public bool TryBegin()
    {
        lock (_reserved)
        {
            if (_isClosed || Volatile.Read(ref _mustLeave))
            {
                return false;
            }

            _current = _reserved.RemoveFirst();
            SetCurrent(_current);
        }

        if (ReservedCount == 0 && _queue.IsCompleted)
        {
            _queue.NoteNoneComesBack();
        }

        BeginCurrent();
        return true;
    }

    /// <inheritdoc/>
    public void Return(int count)
    {
        lock (_reserved)
        {
            for (; count > 0 && _reserved.Count > 0; count--)
            {
                _queue.Return(_reserved.RemoveLast());
            }
        }
    }

    public void Write(RecordKind kind, object? value)
    {
        ItemRecord record = new(_currentIndex, kind, value);
        if (_stopper.Current is { } attempt && attempt.TryKeep(record))
        {
            return;
        }

        _output.Add(record);
    }

    public void EnterUserCode() => _interrupter.EnterUserCode();

    public void LeaveUserCode() => _interrupter.LeaveUserCode();

    public void Complete(in ItemEnd end)
    {
        LeaveUserCode();
        _place?.EndItem(end);
        if (_run.Tracker is not null)
        {
            if (_stopper.Current is { } attempt)
            {
                Complete(attempt, end);
            }

            return;
        }

        // One that stopped by itself has failed, and its worker may have stopped with it.
        bool isStopped = end.Status is ItemStatus.Canceled;
        if (end.Status is not ItemStatus.Succeeded && _run.IsOver)
        {
            // Still the current item: the account at the end finds it here, as it finds those of abandoned workers. An item that
            // fails now fails because it was stopped. No other may take its place, and the queue may not be closed yet.
            Volatile.Write(ref _mustLeave, true);
            return;
        }

        if (_marksEnds)
        {
            _output.Add(new ItemRecord(_currentIndex, RecordKind.End, null));
        }

        if (end.Status is not ItemStatus.Succeeded)
        {
            Volatile.Write(ref _failed, _failed + 1);
            _run.NoteFailure();
        }

        ClearCurrent();
        _mustLeave |= isStopped;
    }

    /// <summary>Tells what became of the items, once the worker has ended or was abandoned.</summary>
    /// <param name="unfinished">The item that was taken and has not ended, if there is one.</param>
    /// <param name="reserved">Items that were taken and never begun.</param>
    /// <returns>How many have ended, in runs without accounts.</returns>
    public long Settle(out BatchItem? unfinished, out IReadOnlyList<BatchItem> reserved)
    {
        reserved = TakeReserved();

        // One look decides both: an abandoned worker may finish its item at this very moment.
        long left = Volatile.Read(ref _left);
        unfinished = Volatile.Read(ref _taken) > left ? _current : null;
        return _run.Tracker is null ? left : 0;
    }

    /// <summary>Asks the worker to stop, on a thread of its own as that may block. Only the first call does anything.</summary>
    public void BeginStop()
    {
        lock (_stopLock)
        {
            if (_stopRequested || !_interrupter.IsAllowed)
            {
                return;
            }

            _stopRequested = true;
        }

        StartBackground(_worker.Stop);
    }

    /// <summary>Interrupts a wait that the user's code is blocked in.</summary>
    public void Interrupt() => _interrupter.Interrupt();

    /// <summary>Leaves the worker to itself: it takes no more items, and nobody waits for it.</summary>
    public void LeaveBehind()
    {
        Volatile.Write(ref _isAbandoned, true);
        Volatile.Write(ref _mustLeave, true);
        StartBackground(_worker.Abandon);
    }

    /// <summary>Takes the item from a worker that was left behind, once it was handed on in its place.</summary>
    public void TakeItemAway()
    {
        ClearAttempt();
        foreach (BatchItem item in Enumerable.Reverse(TakeReserved()))
        {
            _queue.Return(item);
        }

        _taker.Retire();
        _place?.Leave(isWorker: false);
    }

    private static Thread StartBackground(Action action)
    {
        Thread thread = new(() => RunUnheard(action)) { IsBackground = true, Name = "Switchyard stop" };
        thread.Start();
        return thread;
    }

    private static void RunUnheard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            // A worker that cannot be stopped is interrupted next, and then abandoned and counted: that is the report. One that
            // cannot be put away has done its work. Thrown on this thread, it would end the caller's process.
            Debug.WriteLine(exception);
        }
    }

    private void Main()
    {
        try
        {
            RunWorker();
        }
        catch (Exception) when (_run.IsOver || IsAbandoned)
        {
            // The run is over, or goes on without this worker: how it reacted to that is nobody's concern any more.
        }
        catch (Exception exception)
        {
            _run.Fail(exception);
        }
        finally
        {
            _interrupter.Forbid();
            Arrive();
            _place?.Leave(isWorker: true);
            Volatile.Write(ref _phase, (int)SlotPhase.Idle);
            _run.SlotChanged();
            RunUnheard(_worker.Dispose);
            Volatile.Write(ref _phase, (int)SlotPhase.Ended);
            _run.SlotEnded();
        }
    }

    private void RunWorker()
    {
        _interrupter.Allow();
        if (_run.IsOver)
        {
            return;
        }

        try
        {
            _worker.Open(this);
        }
        finally
        {
            Volatile.Write(ref _phase, (int)SlotPhase.Running);
            _run.SlotOpened();
        }

        while (!_run.IsOver)
        {
            _worker.Run(this, this);
            if (!TryRearm())
            {
                return;
            }
        }
    }

    /// <summary>Gets ready to go on after an item that was stopped for its deadline.</summary>
    /// <returns>False if the worker has left for another reason.</returns>
    private bool TryRearm()
    {
        if (_stopper.Current is { } attempt)
        {
            // Its worker was stopped so hard that it could not say so.
            Complete(attempt, ItemStatus.Canceled);
        }

        if (!_mustLeave || IsAbandoned || Attempt is not null || _run.IsOver)
        {
            return false;
        }

        _stopper.Rearm();
        _mustLeave = false;
        return true;
    }

    private bool TryEnterAndTake(out BatchItem item)
    {
        if (_place?.TryEnter() != false && _taker.TryTake(out item))
        {
            return true;
        }

        _place?.Leave(isWorker: true);
        item = default;
        return false;
    }

    private bool TryTakeAhead(out BatchItem item)
    {
        if (_place?.MayStay != false && _run.Gate is null or { CountsStarts: false, IsOpen: true })
        {
            return _taker.TryTakeNow(out item);
        }

        item = default;
        return false;
    }

    private BatchItem[] TakeReserved()
    {
        lock (_reserved)
        {
            _isClosed = true;
            BatchItem[] items = new BatchItem[_reserved.Count];
            for (int i = 0; i < items.Length; i++)
            {
                items[i] = _reserved.RemoveFirst();
            }

            return items;
        }
    }

    private void BeginCurrent()
    {
        if (_run.Tracker is { } tracker)
        {
            ItemAttempt attempt = tracker.Begin(_current, Number);
            _blockedBefore = _output.BlockedTime;
            _stopper.Begin(attempt);
            _run.Deadlines?.Watch(attempt);
        }

        _place?.BeginItem();
    }

    private void Arrive()
    {
        if (!_hasArrived)
        {
            _hasArrived = true;
            _run.SlotArrived();
        }
    }

    private void SetCurrent(in BatchItem item)
    {
        Volatile.Write(ref _taken, _taken + 1);
        Volatile.Write(ref _currentIndex, item.Index);
    }

    private void ClearCurrent()
    {
        Volatile.Write(ref _left, _left + 1);
        Volatile.Write(ref _currentIndex, ItemRecord.NoItem);
    }

    private void ClearAttempt()
    {
        ClearCurrent();
        _stopper.Clear();
    }

    private void Complete(ItemAttempt attempt, in ItemEnd end)
    {
        if (!attempt.TryEnd(end, _run.IsOver))
        {
            // Left to the run's account, or ended over this worker's head: then it is about to be left behind.
            Volatile.Write(ref _mustLeave, true);
            return;
        }

        _mustLeave |= end.Status is ItemStatus.Canceled || (_run.Deadlines is not null && _stopper.HasExpired(attempt));
        bool isFinal = _run.Tracker!.HandOn(attempt, _output, abandons: false);
        if (isFinal && attempt.End.Status is not ItemStatus.Succeeded)
        {
            _run.NoteFailure();
        }

        ClearAttempt();
    }
}
