using Switchyard.Core.Gauges;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>
/// One batch, from the first item to the account at the end.
/// <code>
///   feeding thread                 worker threads (at most ThrottleLimit)           feeding thread
///
///   Add(item) --> BoundedQueue --> WorkerThread --> IBatchWorker --> OutputBuffer --> [OrderBuffer] --> IResultSink
///                 (one)     ^      (takes)        (runs items)     (one each)     (KeepOrder)
///                           |         |
///                           +-- RetryQueue
/// </code>
/// The thread that feeds the run also writes its output: PowerShell lets only the pipeline's thread write. So it never just
/// waits for room: it waits for room, output or the end, whichever comes first, on one <see cref="WakeSignal"/>. A job has two
/// threads: one posts, the other completes.
/// </summary>
public sealed class BatchRun : IDisposable
{
    // How many slow items are read ahead of the workers, who may be many or, while their number is still being found out, few.
    private const int MostReadAhead = 8192;
    private const int MostReadAheadOfUnknown = 128;

    private readonly object _lock = new();
    private readonly BatchOptions _options;
    private readonly IWorkerFactory _workers;
    private readonly WakeSignal _signal = new();
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly WorkerPool _pool;
    private readonly OutputReader _reader;
    private readonly RunPump _feed;
    private readonly ITimer? _deadline;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private int _failures;
    private volatile bool _isQuitting;
    private volatile RunEnd _end;
    private Exception? _failure;
    private RunOutcome? _outcome;
    private IReadOnlyList<UnfinishedItem> _unfinished = [];

    /// <summary>Starts a run; workers are opened when items come.</summary>
    /// <param name="options">What the caller wants.</param>
    /// <param name="workers">Makes the workers; if it can be disposed of, it is, once they have ended.</param>
    /// <param name="clock">Tells the time for deadlines and delays.</param>
    public BatchRun(BatchOptions options, IWorkerFactory workers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(workers);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        _options = options;
        _workers = workers;
        _clock = clock;
        _startedAt = clock.GetTimestamp();
        if (options.Journal is { } journal)
        {
            journal.Failed = exception => Fail(exception);
        }

        int mostReadAhead = options.AdjustThrottle ? MostReadAheadOfUnknown : MostReadAhead;
        int capacity = options.IsUnbounded ? int.MaxValue : (int)Math.Clamp(options.ThrottleLimit * 2L, 32, mostReadAhead);
        _queue = new BoundedQueue<BatchItem>(capacity, _signal);
        Gate = CreateGate(clock);
        Tracker = options.NeedsAccounts ? CreateTracker() : null;
        _pool = new WorkerPool(this, options, workers, _queue, _signal);
        bool headMayWait = Tracker is { Retries: true } || options.AdjustThrottle || options.ItemTimeout is not null;
        _reader = new OutputReader(_pool, _signal, options.KeepOrder, headMayWait, options.Journal);
        Tuner = options.AdjustThrottle ? new ThrottleTuner(options.ThrottleLimit, clock, workers.RunsElsewhere, NoteThrottle) : null;
        ProgressReporter? progress = options.Progress is null ? null : new ProgressReporter(options.Progress, () => Progress);
        _feed = new RunPump(this, _queue, _signal, _pool, _reader, progress, options);
        Deadlines = options.ItemTimeout is { } itemTimeout
            ? new ItemDeadlines(itemTimeout, workers.StopGracePeriod, clock, () => _pool.Slots, AbandonItem)
            : null;
        _deadline = options.Timeout is { } timeout
            ? clock.CreateTimer(_ => EndBy(RunEnd.TimedOut), null, timeout, System.Threading.Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Whether the run was ended before all items were done.</summary>
    public bool IsEnded => _end is not (RunEnd.None or RunEnd.Completed);

    /// <summary>Whether nothing new is started, as too many items have failed.</summary>
    public bool HasTooManyFailures => _isQuitting;

    /// <summary>How far the run is. May be read on any thread.</summary>
    public RunProgress Progress
    {
        get
        {
            WorkerThread[] slots = _pool.Slots;
            return new RunProgress(
                Read: _feed.Read,
                Done: slots.Sum(slot => slot.Finished) + (Tracker?.Finished ?? 0) + (_options.Journal?.DoneBefore ?? 0),
                Failed: slots.Sum(slot => slot.Failed) + (Tracker?.Failed ?? 0),
                Running: slots.Count(slot => slot.IsRunningItem),
                Waiting: Tracker?.Waiting ?? 0,
                Elapsed: _clock.GetElapsedTime(_startedAt),
                Total: null);
        }
    }

    /// <summary>Whether no item will be started any more, for whatever reason.</summary>
    internal bool IsOver => _end is not RunEnd.None;

    /// <summary>Keeps account of items, if anybody needs it.</summary>
    internal ItemTracker? Tracker { get; private set; }

    /// <summary>What items pass before they start, if there is anything.</summary>
    internal StartGate? Gate { get; }

    /// <summary>Adjusts the throttle, if it is to be adjusted.</summary>
    internal ThrottleTuner? Tuner { get; }

    /// <summary>Watches the items' deadlines, if they have any.</summary>
    internal ItemDeadlines? Deadlines { get; }

    /// <summary>Adds an item, and writes what is ready. Blocks, writing, while there is no room.</summary>
    /// <param name="input">The object.</param>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run takes nothing more: complete and close it, and <see cref="Close"/> tells why.</returns>
    public bool Add(object? input, IResultSink sink) => _feed.Add(input, sink);

    /// <summary>
    /// Adds an item and returns at once, however many wait: for a run without bounds, while another thread is in
    /// <see cref="Pump"/> and writes.
    /// </summary>
    /// <param name="input">The object.</param>
    /// <returns>False if the run takes nothing more.</returns>
    public bool Post(object? input) => _feed.Post(input);

    /// <summary>
    /// Also takes items from a feed, until that has ended, while <see cref="Pump"/> or <see cref="Complete"/> goes on. Returns at once.
    /// </summary>
    /// <param name="feed">The feed. What was taken and never started is given back.</param>
    /// <returns>False if the run takes nothing more.</returns>
    /// <exception cref="InvalidOperationException">The run keeps no accounts, and it is too late to begin with that: other items came first.</exception>
    public bool AddFeed(IInputSource feed) => _feed.AddFeed(feed);

    /// <summary>Says that there is no more input.</summary>
    public void EndInput() => _feed.EndInput();

    /// <summary>Says that there is no more input, and writes until all items are done.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run was ended before that; <see cref="Close"/> tells why.</returns>
    public bool Complete(IResultSink sink)
    {
        EndInput();
        return Pump(sink);
    }

    /// <summary>Writes until the input has ended and all items are done.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run was ended before that; <see cref="Close"/> tells why.</returns>
    public bool Pump(IResultSink sink)
    {
        if (_feed.Pump(sink))
        {
            EndBy(_isQuitting ? RunEnd.TooManyFailures : RunEnd.Completed);
        }

        return !IsEnded;
    }

    /// <summary>Stops the run. May be called on any thread, at any time, more than once; does not wait.</summary>
    public void Cancel() => EndBy(RunEnd.Canceled);

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

        EndBy(RunEnd.Canceled);
        _deadline?.Dispose();
        Deadlines?.Dispose();
        Tuner?.Dispose();
        WorkerThread[] slots = _pool.Close();
        foreach (WorkerThread slot in slots)
        {
            slot.Output.Close();
        }

        _feed.Close();
        WorkerStopper.Stop(
            [.. slots.Where(slot => !slot.IsAbandoned)], _pool.Ended, _workers.StopGracePeriod, isComplete: _end == RunEnd.Completed);
        RunAccount account = RunAccount.Settle(slots, Tracker, _queue, _end);
        _unfinished = account.UnfinishedItems;
        Tracker?.Dispose();
        (_workers as IDisposable)?.Dispose();
        _outcome = new RunOutcome
        {
            End = _end,
            Read = _feed.Read,
            Finished = account.Finished,
            Failed = account.Failed,
            Interrupted = account.Interrupted,
            Skipped = account.Skipped,
            Abandoned = slots.Count(slot => slot.IsAbandoned && slot.Phase != SlotPhase.Ended),
            Failure = _failure,
            DoneBefore = _options.Journal?.DoneBefore ?? 0,
        };
        _options.Journal?.End(_end.ToString(), _outcome.Read);
        _options.Journal?.Dispose();
        return _outcome;
    }

    /// <summary>
    /// Writes what a closed run still holds: records that wait for items before them, and the results of items that were
    /// interrupted or never started. For a run that was ended early and whose caller can still write.
    /// </summary>
    /// <param name="sink">Takes the records and results.</param>
    public void WriteRest(IResultSink sink)
    {
        IReadOnlyList<UnfinishedItem> unfinished = _unfinished;
        _unfinished = [];
        _reader.WriteRest(unfinished, sink);
    }

    /// <summary>Makes the result of an item that was read when the run took no more, and counts it.</summary>
    /// <param name="input">The object.</param>
    /// <returns>The result.</returns>
    public ItemResult Skip(object? input) => new() { Index = _feed.Skip(), Input = input, Status = ItemStatus.Skipped };

    /// <summary>The same as <see cref="Close"/>, for a caller who can no longer use the account.</summary>
    public void Dispose() => Close();

    internal void Fail(Exception exception) => EndBy(RunEnd.Failed, exception);

    internal void SlotOpened() => _pool.NoteOpened();

    internal void SlotArrived() => _pool.NoteArrived();

    internal void SlotChanged() => _signal.Set();

    internal void SlotEnded() => _pool.NoteEnded();

    /// <summary>Begins to keep accounts, before the first item.</summary>
    internal void KeepAccounts() => Tracker ??= _feed.Read == 0
        ? CreateTracker()
        : throw new InvalidOperationException("Items that nobody keeps account of were added before.");

    /// <summary>Takes note of an item that failed for good.</summary>
    internal void NoteFailure()
    {
        if (_options.MaxFailures is { } most && Interlocked.Increment(ref _failures) >= most && !_isQuitting)
        {
            _isQuitting = true;
            StartNothing();
            _signal.Set();
        }
    }

    private void NoteThrottle(ThrottleChange? change)
    {
        if (change is not null && _options.ThrottleChanged is { } tell)
        {
            _reader.Announce(tell(change));
        }

        // The feeding thread may sleep, as nothing that it waits for has happened.
        for (int i = 0; i < _options.OpenLimit; i++)
        {
            _pool.GrowIfWorthwhile();
        }
    }

    private void AbandonItem(WorkerThread slot, ItemAttempt attempt)
    {
        if (attempt.TryEnd(ItemStatus.TimedOut))
        {
            slot.LeaveBehind();
            if (Tracker!.HandOn(attempt, slot.Output, abandons: true))
            {
                NoteFailure();
            }

            slot.TakeItemAway();
            _pool.Replace(slot);
            _signal.Set();
        }
    }

    private void EndBy(RunEnd end, Exception? failure = null)
    {
        lock (_lock)
        {
            if (_end != RunEnd.None)
            {
                return;
            }

            _failure = failure;
            _end = end;
        }

        StartNothing();
        foreach (WorkerThread slot in _pool.Close())
        {
            // Idle workers notice by themselves, and one that was not stopped can serve the next batch.
            if (slot.IsRunningItem)
            {
                slot.BeginStop();
            }
        }

        _signal.Set();
    }

    private void StartNothing()
    {
        _queue.Cancel();
        Gate?.Cancel();
        Tuner?.Throttle.Cancel();
        Tracker?.StopRetries();
    }

    private ItemTracker CreateTracker() => new(_options, _clock, _queue, _signal, Gate, _workers.RunsElsewhere);

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
