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
    private long _currentIndex = ItemRecord.NoItem;
    private bool _interruptible;
    private bool _interrupted;
    private bool _interruptRequested;
    private bool _isInUserCode;
    private bool _stopRequested;
    private long _taken;
    private long _finished;
    private long _failed;
    private int _phase;

    public WorkerSlot(BatchRun run, IBatchWorker worker, int number, QueueTaker<BatchItem> taker, OutputLane lane, bool marksEnds)
    {
        _run = run;
        _worker = worker;
        _taker = taker;
        _lane = lane;
        _marksEnds = marksEnds;
        _thread = new Thread(Main, StackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"Switchyard worker {number}"),
            CurrentCulture = CultureInfo.CurrentCulture,
            CurrentUICulture = CultureInfo.CurrentUICulture,
        };
    }

    public OutputLane Lane => _lane;

    public SlotPhase Phase => (SlotPhase)Volatile.Read(ref _phase);

    public long Failed => Volatile.Read(ref _failed);

    public long CurrentIndex => Volatile.Read(ref _currentIndex);

    public void Start() => _thread.Start();

    public bool TryTake(out BatchItem item)
    {
        if (!_taker.TryTake(out item))
        {
            return false;
        }

        _current = item;
        Volatile.Write(ref _taken, _taken + 1);
        Volatile.Write(ref _currentIndex, item.Index);
        EnterUserCode();
        return true;
    }

    public void Write(RecordKind kind, object? value) => _lane.Add(new ItemRecord(_currentIndex, kind, value));

    public void EnterUserCode() => Volatile.Write(ref _isInUserCode, true);

    public void LeaveUserCode()
    {
        Volatile.Write(ref _isInUserCode, false);
        if (Volatile.Read(ref _interruptRequested))
        {
            LeaveInterruptible();
        }
    }

    public void Complete(ItemStatus status)
    {
        LeaveUserCode();
        if (status is ItemStatus.Canceled || (status is not ItemStatus.Succeeded && _run.IsOver))
        {
            // Still the current item: the account at the end finds it here, as it finds those of abandoned workers. An item that
            // fails now fails because it was stopped.
            return;
        }

        if (_marksEnds)
        {
            _lane.Add(new ItemRecord(_currentIndex, RecordKind.End, null));
        }

        if (status is not ItemStatus.Succeeded)
        {
            Volatile.Write(ref _failed, _failed + 1);
        }

        Volatile.Write(ref _finished, _finished + 1);
        Volatile.Write(ref _currentIndex, ItemRecord.NoItem);
    }

    /// <summary>Tells what became of the items, once the worker has ended or was abandoned.</summary>
    /// <param name="unfinished">The item that was taken and has not ended, if there is one.</param>
    /// <returns>How many have ended.</returns>
    public long Settle(out BatchItem? unfinished)
    {
        // One look decides both: an abandoned worker may finish its item at this very moment.
        long finished = Volatile.Read(ref _finished);
        unfinished = Volatile.Read(ref _taken) > finished ? _current : null;
        return finished;
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
            Volatile.Write(ref _interruptRequested, true);
            Interlocked.MemoryBarrierProcessWide();
            if (_interruptible && Volatile.Read(ref _isInUserCode))
            {
                _interrupted = true;
                _thread.Interrupt();
            }
        }
    }

    /// <summary>Leaves the worker to itself.</summary>
    public void Abandon() => StartBackground(_worker.Abandon);

    private static void StartBackground(Action action) =>
        new Thread(() => RunUnheard(action)) { IsBackground = true, Name = "Switchyard stop" }.Start();

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
        catch (Exception) when (_run.IsOver)
        {
            // The run is over and this worker was told so: how it reacted is nobody's concern any more.
        }
        catch (Exception exception)
        {
            _run.Fail(exception);
        }
        finally
        {
            LeaveInterruptible();
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

        if (!_run.IsOver)
        {
            _worker.Run(this, this);
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
