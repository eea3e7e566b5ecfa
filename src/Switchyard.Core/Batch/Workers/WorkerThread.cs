using Switchyard.Core.Gauges;
using Switchyard.Core.Queues;
using Switchyard.Core.Stopping;

namespace Switchyard.Core.Batch.Workers;

/// <summary>The thread that a worker runs on, from its opening to its end, and the means to stop it.</summary>
internal sealed class WorkerThread
{
    // As the engine's own pipeline threads have: scripts recurse deeply.
    private const int StackBytes = 10_000_000;

    private readonly RunState _state;
    private readonly IBatchWorker _worker;
    private readonly IWorkerObserver _observer;
    private readonly Thread _thread;
    private readonly UserCodeInterrupter _interrupter;
    private readonly AttemptStopper _stopper;
    private readonly ReservedItems _reserved;
    private int _phase;
    private int _stopRequests;
    private long _threadId;

    public WorkerThread(RunState state, IBatchWorker worker, int number, OutputBuffer output, IWorkerObserver observer)
    {
        _state = state;
        _worker = worker;
        _observer = observer;
        Number = number;
        Output = output;
        _thread = new Thread(Main, StackBytes)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"Switchyard worker {number}"),
            CurrentCulture = state.Culture,
            CurrentUICulture = state.UICulture,
        };
        _interrupter = new UserCodeInterrupter(_thread);
        _stopper = new AttemptStopper(_interrupter, output, () => StartBackground(worker.StopItem), AbandonItem);
        Taker = state.Queue.AddTaker();
        state.Speculation?.Join(Taker, () => worker.HostName);
        Items = new WorkerItems(state, number, observer, Taker, output, _interrupter, _stopper);
        Items.Ahead = _reserved = new ReservedItems(Items, state);
        state.Deadlines?.Add(_stopper);
    }

    /// <summary>Number of the worker in the run, from 1.</summary>
    public int Number { get; }

    public WorkerItems Items { get; }

    public QueueTaker<BatchItem> Taker { get; }

    public OutputBuffer Output { get; }

    public WorkerPhase Phase => (WorkerPhase)Volatile.Read(ref _phase);

    public ItemAttempt? Attempt => _stopper.Current;

    /// <summary>How many items it has taken and not begun. A snapshot.</summary>
    public int ReservedCount => _reserved.Count;

    /// <summary>Whether the system has no room for it, and it waits for what becomes of the others.</summary>
    public bool IsStuck { get; set; }

    /// <summary>How many workers had ended when it was stuck last, with no other left.</summary>
    public int EndedBefore { get; set; }

    /// <summary>Whether it leaves the run to others, as the system has no room for it.</summary>
    public bool HasGivenUp { get; set; }

    /// <summary>Whether it takes items, or will.</summary>
    public bool IsLive => !HasGivenUp && !IsStuck && Phase is WorkerPhase.Opening or WorkerPhase.Running;

    public bool IsOutgoing => _worker.IsOutgoing;

    /// <summary>Whether it will soon free what it holds.</summary>
    public bool IsEnding => Phase == WorkerPhase.Leaving || (HasGivenUp && Phase != WorkerPhase.Ended);

    public bool IsRunningItem => Phase == WorkerPhase.Running && Items.CurrentIndex >= 0 && Items.HasStarted;

    /// <summary>Whether it may still take items, or its item is still being handed on for it.</summary>
    public bool IsBusy => Phase == WorkerPhase.Running || Attempt is { IsEnded: true };

    /// <summary>Whether it has ended and nothing of it is left to be read or counted.</summary>
    public bool IsGone =>
        Phase == WorkerPhase.Ended && _state.Tracker is not null && Attempt is null && Items.CurrentIndex < 0 && ReservedCount == 0 && Output.IsEmpty();

    /// <returns>False if the system has no room for another thread: the worker has ended.</returns>
    public bool TryStart()
    {
        try
        {
            _thread.Start();
            return true;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            Debug.WriteLine(exception);
            Leave();
            return false;
        }
    }

    /// <summary>What it does at the moment. On any thread.</summary>
    public WorkerView View()
    {
        BatchItem? item = IsRunningItem ? Items.PeekCurrent() : null;
        TimeSpan? elapsed = item is null ? null
            : Items.BegunAt is var begunAt and not 0 ? Stopwatch.GetElapsedTime(begunAt)
            : _worker.RunTime ?? Stopwatch.GetElapsedTime(Taker.StartedAt);
        return new WorkerView(Number, Phase == WorkerPhase.Opening, item, elapsed, _worker.HostName, _worker.ProcessId, _threadId);
    }

    /// <summary>Asks the worker to stop, on a thread of its own as that may block. Only the first call does anything.</summary>
    public void BeginStop()
    {
        if (_interrupter.IsAllowed && Interlocked.Exchange(ref _stopRequests, 1) == 0)
        {
            StartBackground(_worker.Stop);
        }
    }

    /// <summary>Interrupts a wait that the user's code is blocked in.</summary>
    public void Interrupt() => _interrupter.Interrupt();

    /// <summary>Leaves the worker to itself, unless it is leaving already: it takes no more items, and the run does not wait for it.</summary>
    public void Abandon()
    {
        if (TryMove(WorkerPhase.Opening, WorkerPhase.Abandoned) || TryMove(WorkerPhase.Running, WorkerPhase.Abandoned))
        {
            Items.Leave();
            StartBackground(_worker.Abandon);
        }
    }

    /// <summary>Tells what became of the items, once the worker has ended or was abandoned.</summary>
    /// <param name="unfinished">The item that was taken and has not ended; null if there is none.</param>
    /// <param name="reserved">Items that were taken and never begun.</param>
    public long Settle(out BatchItem? unfinished, out IReadOnlyList<BatchItem> reserved)
    {
        reserved = _reserved.Close();
        return Items.Settle(out unfinished);
    }

    private static Task StartBackground(Action action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            new Thread(Run) { IsBackground = true, Name = "Switchyard stop" }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // One that there is already has to do, if only later.
            Debug.WriteLine(exception);
            ThreadPool.UnsafeQueueUserWorkItem(_ => Run(), null);
        }

        return done.Task;

        void Run()
        {
            RunUnheard(action);
            done.SetResult();
        }
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
            // cannot be disposed of has done its work. Thrown on this thread, it would end the caller's process.
            Debug.WriteLine(exception);
        }
    }

    private void AbandonItem(ItemAttempt attempt)
    {
        if (!attempt.TryEnd(ItemStatus.TimedOut))
        {
            return;
        }

        Abandon();
        _reserved.GiveBack();
        ItemRecord? lost = Items.TakeLostSums();
        Items.HandOnAbandoned(attempt);
        _observer.NoteAbandoned(Number, lost);
        _state.Signal.Set();
    }

    private void Main()
    {
        try
        {
            _threadId = SystemThread.OwnId;
            RunWorker();
        }
        catch (Exception) when (_state.IsOver || Phase == WorkerPhase.Abandoned)
        {
            // The run is over, or goes on without this worker: how it reacted to being stopped is no failure of the run.
        }
        catch (Exception exception)
        {
            _state.TryEnd(RunEnd.Failed, exception);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        _interrupter.Forbid();
        Items.NoteFirstItem();
        Items.LeaveThrottle(isWorker: true);
        Items.Retire();
        if (!TryMove(WorkerPhase.Running, WorkerPhase.Leaving))
        {
            TryMove(WorkerPhase.Opening, WorkerPhase.Leaving);
        }

        _state.Signal.Set();
        RunUnheard(_worker.Dispose);
        _state.Deadlines?.Remove(_stopper);

        // A stuck worker that saw this one ended and not counted would end the run for want of room.
        _observer.NoteEnded(() => Volatile.Write(ref _phase, (int)WorkerPhase.Ended));
    }

    private void RunWorker()
    {
        _interrupter.Allow();
        if (_state.IsOver)
        {
            return;
        }

        bool isOpen = false;
        try
        {
            isOpen = TryDo(() => _worker.Open(Items));
        }
        finally
        {
            TryMove(WorkerPhase.Opening, WorkerPhase.Running);
            _observer.NoteOpened();
        }

        while (isOpen && !_state.IsOver && TryDo(() => _worker.Run(Items, Items)))
        {
            // In this order, as a worker is abandoned before its attempt is cleared.
            if (!Items.HasLeftForItem() || Phase == WorkerPhase.Abandoned)
            {
                FinishSums();
                return;
            }

            Items.Rearm();
        }
    }

    // Not where it was stopped: what runs then would be run by a run that is over.
    private void FinishSums()
    {
        if (Items.Unsummed > 0 && !Items.MustLeave && !_state.IsOver && Phase == WorkerPhase.Running)
        {
            _worker.Finish(Items);
        }
    }

    /// <summary>Does it, or leaves it to the other workers if the system has no room for this one.</summary>
    private bool TryDo(Action action)
    {
        while (true)
        {
            try
            {
                action();
                return true;
            }
            catch (WorkerStartException exception) when (exception.End is { } end)
            {
                Items.Complete(end);
                throw;
            }
            catch (Exception exception) when (IsShortage(exception) && !_state.IsOver && Phase != WorkerPhase.Abandoned)
            {
                _reserved.Return(_reserved.Count);
                if (Items.CurrentIndex >= 0 && !Items.TryGiveBack())
                {
                    // Its time was up at this moment.
                    return true;
                }

                switch (_observer.NoteShortage(this, exception.Message))
                {
                    case ShortageAnswer.Leave:
                        Items.Retire();
                        return false;
                    case ShortageAnswer.Fail:
                        throw;
                }
            }
        }
    }

    // A runtime that cannot start a thread or open a file of its own says that its memory is full.
    private bool IsShortage(Exception exception) =>
        exception is WorkerStartException { IsShortage: true } || (exception is OutOfMemoryException && Phase == WorkerPhase.Opening);

    private bool TryMove(WorkerPhase from, WorkerPhase to) =>
        Interlocked.CompareExchange(ref _phase, (int)to, (int)from) == (int)from;
}
