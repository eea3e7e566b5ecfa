using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Gauges;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>
/// One batch, from the first item to the account at the end.
/// <code>
///   caller's thread              worker threads (at most ThrottleLimit)          caller's thread
///
///   Add(item) --> BoundedQueue --> WorkerItems --> IBatchWorker --> OutputBuffer --> [OrderBuffer] --> IResultSink
///                 (one)     ^      (takes)         (runs items)     (one each)      (KeepOrder)
///                           |         |
///                           +-- RetryQueue
/// </code>
/// The thread that adds items also writes their output, as PowerShell lets only the pipeline's thread write. So it never just waits
/// for room: it waits for room, output or the end, whichever comes first, on one <see cref="WakeSignal"/>. A job has two threads: one
/// posts, the other completes.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    private readonly BatchOptions _options;
    private readonly IWorkerFactory _workers;
    private readonly WorkerPool _pool;
    private readonly OutputReader _reader;
    private readonly ItemIntake _intake;
    private readonly RunPump _pump;
    private readonly ITimer? _deadline;
    private readonly long _startedAt;
    private RunOutcome? _outcome;
    private bool _isJournalEnded;
    private IReadOnlyList<UnfinishedItem> _unfinished = [];

    /// <summary>Starts a run; workers are opened when items come.</summary>
    /// <param name="workers">Makes the workers; if it can be disposed of, it is, once they have ended.</param>
    public BatchRun(BatchOptions options, IWorkerFactory workers, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        _options = options;
        _workers = workers;
        _startedAt = clock.GetTimestamp();
        State = new RunState(options, workers, clock, CreateGate(clock));
        State.Ended += StopWorkers;
        if (options.Journal is { } journal)
        {
            journal.Failed = exception => State.TryEnd(RunEnd.Failed, exception);
        }

        _pool = new WorkerPool(State, workers);
        bool headMayWait = options.Retries || options.Speculates || options.AdjustThrottle || options.ItemTimeout is not null;
        _reader = new OutputReader(_pool, State.Signal, options.KeepOrder, () => headMayWait || State.Throttle.WasLowered, options.Journal, options.WantsNoMore);
        _pool.Room.Announce = record => _reader.Announce(record);
        workers.Announce = _pool.Room.Announce;
        if (options.Journal is { KeepsOutput: true } keeper)
        {
            keeper.Announce = _pool.Room.Announce;
        }

        _intake = new ItemIntake(State, _pool, _reader);
        ProgressReporter? progress = options.Progress is null ? null : new ProgressReporter(options.Progress, () => Progress);
        _pump = new RunPump(State, _pool, _reader, _intake, progress);
        State.Tuner?.Start(NoteThrottle, () => _pool.IsOpening);
        _deadline = options.Timeout is { } timeout
            ? clock.CreateTimer(_ => State.TryEnd(RunEnd.TimedOut), null, timeout, Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Raised once, when the run is over and its workers have ended or were abandoned.</summary>
    public event Action? Closed;

    /// <summary>Whether the run was ended before all items were done.</summary>
    public bool IsEnded => State.IsEndedEarly;

    /// <summary>Whether nothing new is started, as too many items have failed.</summary>
    public bool HasTooManyFailures => State.HasTooManyFailures;

    /// <summary>How far the run is. May be read on any thread.</summary>
    public RunProgress Progress
    {
        get
        {
            WorkerThread[] workers = _pool.Workers;
            WeightSums weights = State.Queue.ReadWeights();
            RunningWork[] running = [.. workers.Where(worker => worker.IsRunningItem).Select(WorkOf).Where(work => work.Index >= 0)];
            long ended = workers.Sum(worker => worker.Items.Finished) + (State.Tracker?.Finished ?? 0);
            return new RunProgress(
                Read: _intake.Read,
                Done: ended + (_options.Journal?.DoneBefore ?? 0),
                Failed: workers.Sum(worker => worker.Items.Failed) + (State.Tracker?.Failed ?? 0),
                Running: running.Sum(work => work.Count),
                Waiting: State.Tracker?.Waiting ?? 0,
                Elapsed: State.Clock.GetElapsedTime(_startedAt),
                Total: null)
            {
                Load = new RunLoad(ended, running, weights.Added, weights.Waiting, weights.Heaviest),
            };
        }
    }

    /// <summary>What it does at the moment, for who watches it. On any thread.</summary>
    public RunView View
    {
        get
        {
            WorkerThread[] workers = [.. _pool.Workers.Where(worker => worker.IsLive)];
            return new RunView(
                Progress,
                State.ThrottleLimit,
                State.Tuner is { IsPinned: false },
                State.Throttle.IsSuspended,
                State.IsEndedEarly || State.HasTooManyFailures,
                [.. workers.Select(worker => worker.View())],
                State.Notable.Slowest,
                State.Notable.Failed);
        }
    }

    internal RunState State { get; }

    /// <summary>Adds an item, and writes what is ready. Blocks, writing, while there is no room.</summary>
    /// <returns>False if the run takes nothing more: complete and close it, and <see cref="Close"/> tells why.</returns>
    public bool Add(object? input, IResultSink sink) => _pump.Add(input, sink);

    /// <summary>
    /// Adds an item and returns at once, however many wait: for a run without bounds, while another thread is in
    /// <see cref="Pump"/> and writes.
    /// </summary>
    /// <returns>False if the run takes nothing more.</returns>
    public bool Post(object? input) => _intake.Post(input);

    /// <summary>
    /// Also takes items from a source, until that has ended, while <see cref="Pump"/> or <see cref="Complete"/> goes on. Returns at once.
    /// </summary>
    /// <param name="source">The source. What was taken and never started is given back.</param>
    /// <returns>False if the run takes nothing more.</returns>
    /// <exception cref="InvalidOperationException">The run keeps no accounts, and items were added before.</exception>
    public bool AddSource(IInputSource source) => _intake.AddSource(source);

    /// <summary>Says that there is no more input.</summary>
    public void EndInput() => _intake.EndInput();

    /// <summary>Says that there is no more input, and writes until all items are done.</summary>
    /// <returns>False if the run was ended before that; <see cref="Close"/> tells why.</returns>
    public bool Complete(IResultSink sink)
    {
        _pump.CloseGroup(sink);
        EndInput();
        return Pump(sink);
    }

    /// <summary>Writes until the input has ended and all items are done.</summary>
    /// <returns>False if the run was ended before that; <see cref="Close"/> tells why.</returns>
    public bool Pump(IResultSink sink)
    {
        if (_pump.Pump(sink))
        {
            State.TryEnd(State.HasTooManyFailures ? RunEnd.TooManyFailures : RunEnd.Completed);
        }

        return !IsEnded;
    }

    /// <summary>Stops the run. May be called on any thread, at any time, more than once; does not wait.</summary>
    public void Cancel() => State.TryEnd(RunEnd.Canceled);

    /// <summary>The same for somebody else than its own caller, who is to be told of it.</summary>
    public void Stop() => State.TryEnd(RunEnd.Stopped);

    /// <summary>Lets what runs end, and starts nothing new until it is resumed. On any thread.</summary>
    public void Suspend()
    {
        State.Throttle.IsSuspended = true;

        // With nothing left to start it is over all the same, which the pump finds out.
        State.Signal.Set();
    }

    /// <summary>Goes on after <see cref="Suspend"/>. On any thread.</summary>
    public void Resume()
    {
        State.Throttle.IsSuspended = false;
        Grow();
    }

    /// <summary>Stops the attempts at one item, and lets it end canceled. On any thread.</summary>
    /// <returns>False if it does not run; null where the run keeps no accounts, and cannot.</returns>
    public bool? StopItem(long index)
    {
        if (State.Deadlines is not { } deadlines)
        {
            return null;
        }

        bool isFound = false;
        foreach (WorkerThread worker in _pool.Workers)
        {
            isFound |= worker.Attempt is { } attempt && Has(attempt, index) && attempt.TryRequestStop();
        }

        deadlines.CheckNow();
        return isFound;
    }

    /// <summary>Sets how many items run at a time, at least 1, and adjusts that no more. On any thread.</summary>
    public void SetThrottle(int limit)
    {
        State.SetThrottle(limit);
        Grow();
    }

    /// <summary>
    /// Ends the run if it is not over, and waits for its workers: until all have ended or, if one does not listen to being
    /// stopped, for at most about a second and a half; such a worker is abandoned.
    /// </summary>
    /// <returns>The account of the run. Later calls return the same.</returns>
    public RunOutcome Close()
    {
        if (_outcome is not null)
        {
            return _outcome;
        }

        State.TryEnd(RunEnd.Canceled);
        _deadline?.Dispose();
        State.StopTimers();
        WorkerThread[] workers = _pool.Close();
        foreach (WorkerThread worker in workers)
        {
            worker.Output.Close(_workers.HasLastWords);
        }

        _intake.Close();
        WorkerStopper.Stop(
            [.. workers.Where(worker => worker.Phase != WorkerPhase.Abandoned)],
            _pool.Ended,
            _workers.StopGracePeriod,
            isComplete: State.End == RunEnd.Completed);
        RunAccount account = RunAccount.Settle(workers, State.Tracker, State.Queue, _intake.TakeUnqueued(), State.End);
        foreach (WorkerThread worker in workers)
        {
            worker.Output.Seal([], null);
        }

        _unfinished = account.UnfinishedItems;
        State.Tracker?.Dispose();
        (_workers as IDisposable)?.Dispose();
        _outcome = new RunOutcome
        {
            End = State.End,
            Read = _intake.Read,
            Finished = account.Finished,
            Failed = account.Failed,
            Interrupted = account.Interrupted,
            Skipped = account.Skipped,
            Abandoned = workers.Count(worker => worker.Phase == WorkerPhase.Abandoned),
            Failure = State.Failure,
            Unsummed = account.Unsummed,
            DoneBefore = _options.Journal?.DoneBefore ?? 0,
            OutputsLost = _options.Journal?.OutputsLost ?? 0,
            Unmatched = State.End is RunEnd.Completed && _intake.Read > 0 ? _options.Journal?.UnmatchedCount ?? 0 : 0,
        };
        Closed?.Invoke();
        if (State.End is RunEnd.Completed)
        {
            EndJournal();
        }

        return _outcome;
    }

    /// <summary>
    /// Writes what a closed run still holds, and ends its journal: records that wait for items before them, and the results of items that were
    /// interrupted or never started. For a run that was ended early and whose caller can still write.
    /// </summary>
    public void WriteRest(IResultSink sink)
    {
        IReadOnlyList<UnfinishedItem> unfinished = _unfinished;
        _unfinished = [];
        try
        {
            _reader.WriteRest(unfinished, sink);
        }
        finally
        {
            EndJournal();
        }
    }

    /// <summary>Makes the result of an item that was read when the run took no more, and counts it.</summary>
    public ItemResult Skip(object? input) => new() { Index = _intake.Skip(), Input = input, Status = ItemStatus.Skipped };

    /// <summary>The same as <see cref="Close"/>, for a caller who will write nothing more.</summary>
    public void Dispose()
    {
        Close();
        EndJournal();
    }

    // A group is stopped as a whole.
    private static bool Has(ItemAttempt attempt, long index) => attempt.Item.Index == index || attempt.Account.Members.Any(member => member.Index == index);

    private static RunningWork WorkOf(WorkerThread worker) => new(worker.Items.CurrentIndex, WeightSums.Known(worker.Taker.Weight))
    {
        Count = worker.Attempt?.Account.Count ?? 1,
    };

    private void EndJournal()
    {
        if (!_isJournalEnded)
        {
            _isJournalEnded = true;
            _options.Journal?.End((State.End is RunEnd.Stopped ? RunEnd.Canceled : State.End).ToString(), _outcome!.Read);
            _options.Journal?.Dispose();
        }
    }

    private void NoteThrottle(ThrottleChange? change)
    {
        if (change is not null && _options.ThrottleChanged is { } tell)
        {
            _reader.Announce(tell(change));
        }

        Grow();
    }

    // The pump may sleep, as nothing that it waits for has happened.
    private void Grow()
    {
        for (int i = 0; i < _options.OpenLimit; i++)
        {
            _pool.GrowIfWorthwhile();
        }
    }

    private void StopWorkers()
    {
        foreach (WorkerThread worker in _pool.Close())
        {
            // Idle workers leave by themselves, and one that was not stopped can serve the next batch.
            if (worker.IsRunningItem)
            {
                worker.BeginStop();
            }
        }
    }

    private StartGate? CreateGate(TimeProvider clock)
    {
        if (_options is { RateLimit: null, MinFreeMemory: null, Retry: null })
        {
            return null;
        }

        RateLimiter? limiter = _options.RateLimit is { } rate ? new RateLimiter(rate, clock) : null;
        IMemoryGauge? gauge = _options.MinFreeMemory is null ? null : _options.MemoryGauge;
        return new StartGate(clock, limiter, gauge, _options.MinFreeMemory ?? 0, free =>
        {
            if (_options.MemoryLow is { } tell)
            {
                _reader.Announce(tell(free));
            }
        });
    }
}
