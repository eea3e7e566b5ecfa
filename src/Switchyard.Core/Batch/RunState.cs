using System.Diagnostics.CodeAnalysis;
using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// What all parts of a run share: whether and why it is over, how many items have failed, and what items pass on their way. The
/// run is ended here.
/// </summary>
internal sealed class RunState
{
    // How many slow items are read ahead of the workers. Less while the right number of workers is still being found.
    private const int MostReadAhead = 8192;
    private const int MostReadAheadOfUnknown = 128;

    // The least that is read ahead, as the next item is to be there when one ends.
    private const int LeastReadAhead = 32;

    // What is decided by how many items are left needs some of them to be seen.
    private const int ReadAheadToDecide = 2048;

    private readonly object _lock = new();
    private readonly IWorkerFactory _workers;
    private int _failures;
    private int _fixedLimit;
    private volatile bool _hasTooManyFailures;
    private volatile RunEnd _end;

    public RunState(BatchOptions options, IWorkerFactory workers, TimeProvider clock, StartGate? gate)
    {
        Options = options;
        Clock = clock;
        Gate = gate;
        _workers = workers;
        int mostReadAhead = options.AdjustThrottle ? MostReadAheadOfUnknown : MostReadAhead;
        int capacity = options.IsUnbounded ? int.MaxValue
            : options.MostReadAhead is { } most ? most
            : options.ThrottleObserver is not null ? Math.Max(ReadAheadToDecide / options.GroupSize, LeastReadAhead)
            : ReadAheadOf(options.ThrottleLimit, mostReadAhead);
        Queue = new BoundedQueue<BatchItem>(capacity, Signal, options.GroupSize, isFixed: options.MostReadAhead is not null);
        if (options.Speculates)
        {
            Speculation = new Speculation(clock, Queue) { Beaten = () => Deadlines!.CheckNow() };
            Queue.Spare = Speculation.TryCopy;
        }

        Tuner = options.AdjustThrottle ? new ThrottleTuner(options, workers, Queue, clock) : null;

        // Where nothing adjusts it, no more workers are opened than may run, so it has no limit until somebody sets one: workers that others take the place of, and wait for
        // these, would be in each other's way.
        Throttle = Tuner?.Throttle ?? new Throttle(int.MaxValue);
        _fixedLimit = options.ThrottleLimit;
        if (options.NeedsAccounts)
        {
            KeepAccounts(hasItems: false);
        }
    }

    /// <summary>The caller's culture, which its workers have, whichever thread opens them.</summary>
    public CultureInfo Culture { get; } = CultureInfo.CurrentCulture;

    public CultureInfo UICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>Raised once, when the run has ended, on the thread that ended it.</summary>
    public event Action? Ended;

    public BatchOptions Options { get; }

    public TimeProvider Clock { get; }

    public WakeSignal Signal { get; } = new();

    public BoundedQueue<BatchItem> Queue { get; }

    /// <summary>What items pass before they start; null if nothing holds them.</summary>
    public StartGate? Gate { get; }

    /// <summary>Keeps account of each item; null in runs that need no accounts. Settled before the first item.</summary>
    public ItemTracker? Tracker { get; private set; }

    /// <summary>How many items may run at a time.</summary>
    public int ThrottleLimit => Tuner?.Throttle.Limit ?? Volatile.Read(ref _fixedLimit);

    /// <summary>Lets workers in, one for each item that runs.</summary>
    public Throttle Throttle { get; }

    /// <summary>The items that took longest, and those that failed last.</summary>
    public NotableItems Notable { get; } = new();

    /// <summary>Adjusts the throttle; null if nothing does.</summary>
    public ThrottleTuner? Tuner { get; }

    /// <summary>Has slow items run a second time; null if nothing does.</summary>
    public Speculation? Speculation { get; }

    /// <summary>Watches the items' deadlines, and stops what counts no more or somebody wants to be stopped; null in runs without accounts.</summary>
    public ItemDeadlines? Deadlines { get; private set; }

    public RunEnd End => _end;

    public Exception? Failure { get; private set; }

    /// <summary>Whether no item will be started any more, for whatever reason.</summary>
    public bool IsOver => _end is not RunEnd.None;

    /// <summary>Whether the run was ended before all items were done.</summary>
    public bool IsEndedEarly => _end is not (RunEnd.None or RunEnd.Completed);

    /// <summary>Whether nothing new is started, as too many items have failed.</summary>
    public bool HasTooManyFailures => _hasTooManyFailures;

    /// <summary>Whether the run takes no more items.</summary>
    public bool TakesNothing => IsEndedEarly || HasTooManyFailures;

    /// <summary>Begins to keep accounts, which is possible only before the first item.</summary>
    [MemberNotNull(nameof(Tracker))]
    public void KeepAccounts(bool hasItems)
    {
        Tracker ??= !hasItems
            ? new ItemTracker(Options, Clock, Queue, Signal, Gate, _workers, Speculation)
            : throw new InvalidOperationException("Items without an account were added before.");
        Deadlines ??= new ItemDeadlines(Options.ItemTimeout, _workers.StopGracePeriod, Clock);
    }

    /// <summary>Ends the run, unless it has ended.</summary>
    public void TryEnd(RunEnd end, Exception? failure = null)
    {
        lock (_lock)
        {
            if (_end != RunEnd.None)
            {
                return;
            }

            Failure = failure;
            _end = end;
        }

        StartNothing();
        Ended?.Invoke();
        Signal.Set();
    }

    /// <param name="count">How many items have failed together.</param>
    public void NoteFailure(int count = 1)
    {
        if (Options.MaxFailures is { } most && Interlocked.Add(ref _failures, count) >= most && !_hasTooManyFailures)
        {
            _hasTooManyFailures = true;
            StartNothing();
            Signal.Set();
        }
    }

    /// <summary>Abandons no item and adjusts nothing from here on.</summary>
    public void StopTimers()
    {
        Deadlines?.Dispose();
        Tuner?.Dispose();
        Speculation?.Dispose();
    }

    /// <summary>Sets how many items may run at a time, and adjusts that no more.</summary>
    public void SetThrottle(int limit)
    {
        Queue.Widen(ReadAheadOf(limit, MostReadAhead));
        if (Tuner is null)
        {
            Volatile.Write(ref _fixedLimit, limit);
            Throttle.Limit = limit;
        }
        else
        {
            Tuner.Pin(limit);
        }

        Signal.Set();
    }

    /// <summary>Gives an item back that was taken and not begun, for others to take.</summary>
    public void PutBack(in BatchItem item)
    {
        if (item.Account?.CopyOf is null)
        {
            Queue.Return(item);
        }
        else
        {
            Speculation!.Drop(item);
        }
    }

    private int ReadAheadOf(int limit, int most) => (int)Math.Clamp(limit * 2L, Math.Max(LeastReadAhead / Options.GroupSize, 1), most);

    private void StartNothing()
    {
        Queue.Cancel();
        Gate?.Cancel();
        Throttle.Cancel();
        Tracker?.StopRetries();
    }
}
