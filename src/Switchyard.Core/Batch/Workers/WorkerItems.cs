using Switchyard.Core.Policies;
using Switchyard.Core.Queues;
using Switchyard.Core.Stopping;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// One worker's way to its items and back: it takes them from the queue, and what they write goes to the worker's buffer. So it knows
/// at any time which item the worker is on.
/// </summary>
internal sealed class WorkerItems(
    RunState state,
    int number,
    IWorkerObserver observer,
    QueueTaker<BatchItem> taker,
    OutputBuffer output,
    UserCodeInterrupter interrupter,
    AttemptStopper stopper) : IItemSource, IItemSink
{
    private readonly ItemTracker? _tracker = state.Tracker;
    private readonly StartGate? _gate = state.Gate;
    private readonly ThrottlePlace _place = new(state.Throttle, state.Tuner, taker) { Waits = state.Signal.Set };
    private readonly WorkerSums _sums = new(state, number, output);
    private readonly bool _marksEnds = state.Options.KeepOrder;
    private BatchItem _current;
    private long _currentIndex = ItemRecord.NoItem;
    private bool _isAtGate;
    private bool _hasTaken;
    private bool _mustLeave;
    private bool _writesSums;
    private long _begunAt;
    private (long Index, object? Error) _lastError = (ItemRecord.NoItem, null);
    private long _taken;
    private long _left;
    private long _failed;

    public IItemAhead? Ahead { get; set; }

    /// <summary>Index of the item that the worker has; -1 if it has none.</summary>
    public long CurrentIndex => Volatile.Read(ref _currentIndex);

    /// <summary>Whether the item that the worker has was started, or is only about to be.</summary>
    public bool HasStarted => !Volatile.Read(ref _isAtGate);

    /// <summary>Whether the worker is to take no more items.</summary>
    public bool MustLeave => Volatile.Read(ref _mustLeave);

    /// <summary>When the item that the worker has was begun, as a timestamp; 0 where items are so short that it is not noted.</summary>
    public long BegunAt => Volatile.Read(ref _begunAt);

    public long Failed => Volatile.Read(ref _failed);

    public long Finished => _tracker is null ? Volatile.Read(ref _left) : 0;

    public long Unsummed => _sums.Count;

    public void BeginSums() => _writesSums = true;

    public void EndSums(SumsEnd end)
    {
        _writesSums = false;
        _sums.End(end);
    }

    /// <summary>The worker is left to itself with what it has summed up. On any thread.</summary>
    public ItemRecord? TakeLostSums() => _sums.TakeLost();

    public bool TryTake(out BatchItem item)
    {
        if (Volatile.Read(ref _mustLeave))
        {
            LeaveThrottle(isWorker: true);
            item = default;
            return false;
        }

        while (TryTakeNext(out item))
        {
            if (_gate is null)
            {
                SetCurrent(item);
            }
            else if (!TryPassGate(item, out bool mayStay))
            {
                return false;
            }
            else if (!mayStay)
            {
                continue;
            }

            BeginCurrent();
            EnterUserCode();
            return true;
        }

        return false;
    }

    /// <summary>Waits for an item, and for a place in the throttle.</summary>
    public bool TryTakeNext(out BatchItem item)
    {
        while (_place.TryEnter() && taker.TryTake(out item))
        {
            if (_place.MayStay)
            {
                NoteFirstItem();
                return true;
            }

            // The throttle was lowered while it waited for the item.
            state.PutBack(item);
        }

        LeaveThrottle(isWorker: true);
        item = default;
        return false;
    }

    /// <summary>Whether the worker may begin what it has taken: false if the throttle was lowered since.</summary>
    public bool MayStay => _place.MayStay;

    /// <summary>Takes an item if there is one now, and the worker may keep its place in the throttle for it.</summary>
    public bool TryTakeNow(out BatchItem item)
    {
        if (_place.MayStay && taker.TryTakeNow(out item))
        {
            NoteFirstItem();
            return true;
        }

        item = default;
        return false;
    }

    public void SetCurrent(in BatchItem item)
    {
        _current = item;
        Volatile.Write(ref _begunAt, taker.IsTrivial ? 0 : Stopwatch.GetTimestamp());
        Volatile.Write(ref _taken, _taken + 1);
        Volatile.Write(ref _currentIndex, item.Index);
    }

    public void BeginCurrent()
    {
        if (_tracker is not null)
        {
            ItemAttempt attempt = _tracker.Begin(_current, number, taker);
            stopper.Begin(attempt);
            state.Deadlines?.Watch(attempt);
        }

        _place.BeginItem();
    }

    public void Write(RecordKind kind, object? value)
    {
        ItemRecord record = new(_writesSums ? ItemRecord.NoItem : _currentIndex, kind, value);
        if (_writesSums)
        {
            output.Add(record);
            return;
        }

        if (kind == RecordKind.Error)
        {
            _lastError = (_currentIndex, value);
        }

        if (stopper.Current is { } attempt && attempt.TryKeep(record))
        {
            return;
        }

        output.Add(record);
    }

    public void EnterUserCode() => interrupter.EnterUserCode();

    public void LeaveUserCode() => interrupter.LeaveUserCode();

    public bool Counts(in ItemEnd end) => state.Speculation is not { } speculation || stopper.Current is not { } attempt || speculation.Decide(attempt, end);

    public void Complete(in ItemEnd end)
    {
        LeaveUserCode();
        _place.EndItem(end);
        if (_tracker is null)
        {
            CompleteWithoutAccount(end);
        }
        else if (stopper.Current is { } attempt)
        {
            Complete(attempt, end);
        }
    }

    /// <summary>Whether the worker has only left its loop because its item was stopped, and can go on with the next.</summary>
    public bool HasLeftForItem()
    {
        if (stopper.Current is { } attempt)
        {
            // The worker was stopped so hard that it could not say so.
            Complete(attempt, ItemStatus.Canceled);
        }

        return _mustLeave && stopper.Current is null && !state.IsOver;
    }

    /// <summary>Goes on after an item that was stopped.</summary>
    public void Rearm()
    {
        stopper.Rearm();
        _mustLeave = false;
    }

    /// <summary>Lets the worker take no more items. On any thread.</summary>
    public void Leave() => Volatile.Write(ref _mustLeave, true);

    public void LeaveThrottle(bool isWorker) => _place.Leave(isWorker);

    /// <summary>Gives back the item that the worker has, before anything of it was done.</summary>
    /// <returns>False if it has been ended in the worker's place.</returns>
    public bool TryGiveBack()
    {
        LeaveUserCode();
        ItemAttempt? attempt = stopper.Current;
        if (attempt?.TryWithdraw() == false)
        {
            return false;
        }

        stopper.Clear();
        if (attempt is null || _tracker!.Withdraw(attempt))
        {
            state.Queue.Return(attempt?.Item ?? _current);
        }

        ForgetTaken();
        LeaveThrottle(isWorker: true);
        return true;
    }

    /// <summary>Gives back what was taken from the queue and not begun, as the worker takes nothing more.</summary>
    public void Retire() => taker.Retire();

    /// <summary>Reports that the worker has taken an item, or will never take one.</summary>
    public void NoteFirstItem()
    {
        if (!_hasTaken)
        {
            _hasTaken = true;
            observer.NoteFirstItem();
        }
    }

    /// <summary>Hands on an item whose worker was abandoned, in the worker's place.</summary>
    public void HandOnAbandoned(ItemAttempt attempt)
    {
        if (_tracker!.HandOn(attempt, output, isAbandoned: true))
        {
            NoteEnd(attempt.Item, attempt.End);
            state.NoteFailure(attempt.Account.Count);
        }

        taker.Retire();

        // Last, as the run may be done once no worker has an attempt.
        ClearAttempt();
        LeaveThrottle(isWorker: false);
    }

    /// <summary>Tells how many items have ended, in runs without accounts, and which one was taken and has not ended.</summary>
    public long Settle(out BatchItem? unfinished)
    {
        // One reading decides both: an abandoned worker may finish its item at this very moment.
        long left = Volatile.Read(ref _left);
        unfinished = Volatile.Read(ref _taken) > left ? _current : null;
        return _tracker is null ? left : 0;
    }

    /// <summary>Waits until an item may start.</summary>
    /// <param name="mayStay">False if the throttle was lowered meanwhile: the item was given back.</param>
    /// <returns>False if the run ends before: the item stays the worker's.</returns>
    private bool TryPassGate(in BatchItem item, out bool mayStay)
    {
        Volatile.Write(ref _isAtGate, true);
        SetCurrent(item);
        bool passes = _gate!.Pass();
        mayStay = _place.MayStay;
        if (passes && !mayStay)
        {
            state.PutBack(item);
            ForgetTaken();
        }

        Volatile.Write(ref _isAtGate, !passes);
        return passes;
    }

    private void ForgetTaken()
    {
        Volatile.Write(ref _taken, _taken - 1);
        Volatile.Write(ref _currentIndex, ItemRecord.NoItem);
    }

    private void CompleteWithoutAccount(in ItemEnd end)
    {
        if (end.Status is not ItemStatus.Succeeded && state.IsOver)
        {
            // It fails because it was stopped. It stays the current item, so that the account at the end counts it as interrupted.
            Leave();
            return;
        }

        _sums.Note(end.Status, 1);
        if (_marksEnds)
        {
            output.Add(new ItemRecord(_currentIndex, RecordKind.End, null));
        }

        NoteEnd(_current, end);
        if (end.Status is not ItemStatus.Succeeded)
        {
            Volatile.Write(ref _failed, _failed + 1);
            state.NoteFailure();
        }

        ClearCurrent();

        // One that stopped by itself has failed, and its worker may have stopped with it.
        _mustLeave |= end.Status is ItemStatus.Canceled;
    }

    private void Complete(ItemAttempt attempt, in ItemEnd end)
    {
        if (!attempt.TryEnd(end, state.IsOver))
        {
            // Left to the run's account, or ended in the worker's place: then the worker is about to be abandoned.
            Leave();
            return;
        }

        _sums.Note(end.Status, attempt.Account.Count);
        _mustLeave |= end.Status is ItemStatus.Canceled || (state.Deadlines is not null && stopper.HasExpired(attempt));
        if (_tracker!.HandOn(attempt, output, isAbandoned: false))
        {
            NoteEnd(attempt.Item, attempt.End);
            if (attempt.End.Status is not ItemStatus.Succeeded)
            {
                state.NoteFailure(attempt.Account.Count);
            }
        }

        ClearAttempt();
    }

    /// <summary>Tells which item the worker is on. On any thread: it may have begun another meanwhile, and then this is of none.</summary>
    public BatchItem? PeekCurrent()
    {
        long index = CurrentIndex;
        BatchItem current = _current;
        return index >= 0 && current.Index == index && CurrentIndex == index ? current : null;
    }

    private void NoteEnd(in BatchItem item, in ItemEnd end)
    {
        long begunAt = _begunAt;
        bool isSlow = begunAt != 0 && state.Notable.IsSlow(Stopwatch.GetTimestamp() - begunAt);
        if (isSlow || end.Status is not ItemStatus.Succeeded)
        {
            (long index, object? error) = _lastError;
            state.Notable.Add(
                new EndedItem(item.Index, item.Input, end.Status, begunAt == 0 ? null : Stopwatch.GetElapsedTime(begunAt), index == item.Index ? error : null));
        }
    }

    private void ClearCurrent()
    {
        Volatile.Write(ref _left, _left + 1);
        Volatile.Write(ref _currentIndex, ItemRecord.NoItem);
    }

    private void ClearAttempt()
    {
        ClearCurrent();
        stopper.Clear();
    }
}
