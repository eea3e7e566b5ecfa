using System.Diagnostics;
using System.Globalization;
using Switchyard.Items;
using Switchyard.Queues;

namespace Switchyard.Batch;

/// <summary>
/// A worker's place in a run: its thread, its end of the queue and its lane. It stands between the two, so it knows at any time
/// which item its worker is on.
/// </summary>
internal sealed class WorkerSlot : IItemSource, IItemSink
{
    // As the engine's own pipeline threads have: scripts recurse deeply.
    private const int StackBytes = 10_000_000;

    private readonly BatchRun _run;
    private readonly IBatchWorker _worker;
    private readonly QueueTaker<BatchItem> _taker;
    private readonly OutputLane _lane;
    private readonly bool _marksEnds;
    private readonly Thread _thread;
    private readonly object _interruptLock = new();
    private BatchItem _current;
    private ItemAttempt? _attempt;
    private ItemAttempt? _interruptedAttempt;
    private Thread? _itemStopper;
    private long _currentIndex = ItemRecord.NoItem;
    private ThrottleSample? _sample;
    private int _isInside;
    private TimeSpan _blockedBefore;
    private bool _isAtGate;
    private bool _interruptible;
    private bool _interrupted;
    private bool _interruptRequested;
    private bool _isInUserCode;
    private bool _stopRequested;
    private bool _mustLeave;
    private bool _isAbandoned;
    private long _taken;
    private long _left;
    private long _failed;
    private int _phase;

    public WorkerSlot(BatchRun run, IBatchWorker worker, int number, QueueTaker<BatchItem> taker, OutputLane lane, bool marksEnds)
    {
        _run = run;
        _worker = worker;
        _taker = taker;
        _lane = lane;
        _marksEnds = marksEnds;
        Number = number;
        _thread = new Thread(Main, StackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"Switchyard worker {number}"),
            CurrentCulture = CultureInfo.CurrentCulture,
            CurrentUICulture = CultureInfo.CurrentUICulture,
        };
    }

    /// <summary>Number of the worker in the run, from 1.</summary>
    public int Number { get; }

    /// <summary>What the worker writes.</summary>
    public OutputLane Lane => _lane;

    /// <summary>How far the worker is.</summary>
    public SlotPhase Phase => (SlotPhase)Volatile.Read(ref _phase);

    /// <summary>How many items failed, in runs without accounts.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>How many items ended, in runs without accounts.</summary>
    public long Finished => _run.Ledger is null ? Volatile.Read(ref _left) : 0;

    /// <summary>Index of the item that it has; -1 if it has none.</summary>
    public long CurrentIndex => Volatile.Read(ref _currentIndex);

    /// <summary>Whether the item that it has was started, or is only about to be.</summary>
    public bool HasStarted => !Volatile.Read(ref _isAtGate);

    /// <summary>Whether an item runs.</summary>
    public bool IsRunningItem => CurrentIndex >= 0 && HasStarted && !IsAbandoned;

    /// <summary>The attempt that runs, in runs with accounts.</summary>
    public ItemAttempt? Attempt => Volatile.Read(ref _attempt);

    /// <summary>The attempt whose time was up. For the watcher of deadlines, as is the next.</summary>
    public ItemAttempt? Expiring { get; private set; }

    /// <summary>When more is to be done about it than was.</summary>
    public long NextStepAt { get; set; }

    /// <summary>How long the attempt that runs was kept waiting by a caller who is behind. That is not its own time.</summary>
    public TimeSpan BlockedTime => _lane.BlockedTime - _blockedBefore;

    /// <summary>Whether it was left behind.</summary>
    public bool IsAbandoned => Volatile.Read(ref _isAbandoned);

    /// <summary>Whether it may still take items, or its item is still being handed on for it.</summary>
    public bool IsBusy => (Phase == SlotPhase.Running && !IsAbandoned) || Attempt is { IsEnded: true };

    /// <summary>Whether it was left behind and there is nothing more to come or to count.</summary>
    public bool IsGone => IsAbandoned && Phase == SlotPhase.Ended && Attempt is null && _lane.IsEmpty();

    public void Start() => _thread.Start();

    public bool TryTake(out BatchItem item)
    {
        if (Volatile.Read(ref _mustLeave) || !TryEnterThrottle() || !_taker.TryTake(out item))
        {
            LeaveThrottle(isWorker: true);
            item = default;
            return false;
        }

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
            if (_run.Ledger is { } ledger)
            {
                ItemAttempt attempt = ledger.Begin(item, Number);
                _blockedBefore = _lane.BlockedTime;
                Volatile.Write(ref _attempt, attempt);
                _run.Deadlines?.Watch(attempt);
            }

            if (_run.Tuner is { } tuner)
            {
                _sample ??= tuner.Begin();
            }

            EnterUserCode();
        }

        return passes;
    }

    public void Write(RecordKind kind, object? value)
    {
        ItemRecord record = new(_currentIndex, kind, value);
        if (_attempt is { } attempt && attempt.TryKeep(record))
        {
            return;
        }

        _lane.Add(record);
    }

    public void EnterUserCode() => Volatile.Write(ref _isInUserCode, true);

    public void LeaveUserCode()
    {
        Volatile.Write(ref _isInUserCode, false);
        if (Volatile.Read(ref _interruptRequested))
        {
            LeaveInterruptible();
        }
    }

    public void Complete(in ItemEnd end)
    {
        LeaveUserCode();
        if (_sample is { } sample && ThrottleTuner.Count(sample))
        {
            EndSample(isWorker: true);
        }

        if (_run.Ledger is not null)
        {
            if (_attempt is { } attempt)
            {
                Complete(attempt, end);
            }

            return;
        }

        if (end.Status is ItemStatus.Canceled || (end.Status is not ItemStatus.Succeeded && _run.IsOver))
        {
            // Still the current item: the account at the end finds it here, as it finds those of abandoned workers. An item that
            // fails now fails because it was stopped.
            return;
        }

        if (_marksEnds)
        {
            _lane.Add(new ItemRecord(_currentIndex, RecordKind.End, null));
        }

        if (end.Status is not ItemStatus.Succeeded)
        {
            Volatile.Write(ref _failed, _failed + 1);
            _run.NoteFailure();
        }

        ClearCurrent();
    }

    /// <summary>Tells what became of the items, once the worker has ended or was abandoned.</summary>
    /// <param name="unfinished">The item that was taken and has not ended, if there is one.</param>
    /// <returns>How many have ended, in runs without accounts.</returns>
    public long Settle(out BatchItem? unfinished)
    {
        // One look decides both: an abandoned worker may finish its item at this very moment.
        long left = Volatile.Read(ref _left);
        unfinished = Volatile.Read(ref _taken) > left ? _current : null;
        return _run.Ledger is null ? left : 0;
    }

    /// <summary>Lets an attempt's deadline pass, and asks the worker to stop it. For the watcher of deadlines.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>False if it has ended before.</returns>
    public bool TryExpire(ItemAttempt attempt)
    {
        lock (_interruptLock)
        {
            if (_attempt != attempt || !attempt.TryExpire())
            {
                return false;
            }

            Expiring = attempt;
            _itemStopper = StartBackground(_worker.StopItem);
            return true;
        }
    }

    /// <summary>Interrupts an expired attempt that did not stop when asked to. For the watcher of deadlines.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <returns>False if that was done before, or it has ended.</returns>
    public bool TryInterruptItem(ItemAttempt attempt)
    {
        lock (_interruptLock)
        {
            if (_attempt != attempt || _interruptedAttempt == attempt)
            {
                return false;
            }

            _interruptedAttempt = attempt;
            InterruptLocked();
            return true;
        }
    }

    /// <summary>Asks the worker to stop, on a thread of its own as that may block. Only the first call does anything.</summary>
    public void BeginStop()
    {
        lock (_interruptLock)
        {
            if (_stopRequested || !_interruptible)
            {
                return;
            }

            _stopRequested = true;
        }

        StartBackground(_worker.Stop);
    }

    /// <summary>Interrupts a wait that the user's code is blocked in: a sleep, a lock, a join.</summary>
    /// <remarks>
    /// Only the user's own code may be hit. What runs a worker has waits too, and does not survive to be interrupted in them: a
    /// pipeline's end would never be announced. So the interrupter says what it will do before it looks, and the worker looks
    /// after it has left that code; the barrier stands for one that each item would have to pay for.
    /// </remarks>
    public void Interrupt()
    {
        lock (_interruptLock)
        {
            InterruptLocked();
        }
    }

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
        LeaveThrottle(isWorker: false);
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
            // The run is over, or goes on without this worker, who was told so: how it reacted is nobody's concern any more.
        }
        catch (Exception exception)
        {
            _run.Fail(exception);
        }
        finally
        {
            LeaveInterruptible();
            LeaveThrottle(isWorker: true);
            Volatile.Write(ref _phase, (int)SlotPhase.Idle);
            _run.SlotChanged();
            RunUnheard(_worker.Dispose);
            Volatile.Write(ref _phase, (int)SlotPhase.Ended);
            _run.SlotEnded();
        }
    }

    private void RunWorker()
    {
        lock (_interruptLock)
        {
            _interruptible = true;
        }

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
        if (_attempt is { } attempt)
        {
            // Its worker was stopped so hard that it could not say so.
            Complete(attempt, ItemStatus.Canceled);
        }

        if (!_mustLeave || IsAbandoned || Attempt is not null || _run.IsOver)
        {
            return false;
        }

        // Whoever stops the item may still be at it, and must not hit the next one.
        _itemStopper?.Join();
        lock (_interruptLock)
        {
            _itemStopper = null;
            _interruptRequested = false;
            _interruptible = true;
            _mustLeave = false;
        }

        return true;
    }

    private bool TryEnterThrottle()
    {
        if (_run.Tuner is not { } tuner)
        {
            return true;
        }

        if (_sample is not null && _taker.IsEmpty)
        {
            // The next item may have to be waited for.
            EndSample(isWorker: true);
        }

        bool isInside = Interlocked.Exchange(ref _isInside, 0) == 1 ? tuner.Throttle.Reenter() : tuner.Throttle.Enter();
        Volatile.Write(ref _isInside, isInside ? 1 : 0);
        return isInside;
    }

    private void LeaveThrottle(bool isWorker)
    {
        EndSample(isWorker);
        if (Interlocked.Exchange(ref _isInside, 0) == 1)
        {
            _run.Tuner!.Throttle.Exit();
        }
    }

    private void EndSample(bool isWorker)
    {
        if (Interlocked.Exchange(ref _sample, null) is { } sample)
        {
            _run.Tuner!.End(sample, isWorker);
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
        Volatile.Write(ref _attempt, null);
    }

    private void Complete(ItemAttempt attempt, in ItemEnd end)
    {
        if (!attempt.TryEnd(end, _run.IsOver))
        {
            // Left to the run's account, or ended over this worker's head: then it is about to be left behind.
            Volatile.Write(ref _mustLeave, true);
            return;
        }

        if (_run.Deadlines is not null)
        {
            // From here on, no deadline comes for it. One that came before may still be at work on stopping it.
            lock (_interruptLock)
            {
                _mustLeave |= Expiring == attempt;
            }
        }

        bool isFinal = _run.Ledger!.HandOn(attempt, _lane, abandons: false);
        if (isFinal && attempt.End.Status is not ItemStatus.Succeeded)
        {
            _run.NoteFailure();
        }

        ClearAttempt();
    }

    /// <summary>Only inside the lock.</summary>
    private void InterruptLocked()
    {
        Volatile.Write(ref _interruptRequested, true);
        Interlocked.MemoryBarrierProcessWide();
        if (_interruptible && Volatile.Read(ref _isInUserCode))
        {
            _interrupted = true;
            _thread.Interrupt();
        }
    }

    /// <summary>Makes sure that no interrupt comes any more, and takes one that found nothing to interrupt.</summary>
    private void LeaveInterruptible()
    {
        try
        {
            bool interrupted;
            lock (_interruptLock)
            {
                _interruptible = false;
                interrupted = _interrupted;
                _interrupted = false;
            }

            if (interrupted)
            {
                // Left pending, it would hit whatever waits next.
                Thread.Sleep(1);
            }
        }
        catch (ThreadInterruptedException)
        {
            // That was it. It may have hit the wait for the lock, but comes only once: there is nothing left to guard against.
        }
    }
}
