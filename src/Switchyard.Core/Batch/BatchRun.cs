using System.Diagnostics;
using Switchyard.Items;
using Switchyard.Policies;
using Switchyard.Queues;

namespace Switchyard.Batch;

/// <summary>
/// One batch, from the first item to the account at the end.
/// <code>
///   feeding thread                 worker threads (at most ThrottleLimit)           feeding thread
///
///   Add(item) --> BoundedQueue --> WorkerSlot --> IBatchWorker --> OutputLane --> [OrderBuffer] --> IResultSink
///                 (one)            (takes)        (runs items)     (one each)     (KeepOrder)
/// </code>
/// The thread that feeds the run also writes its output: PowerShell lets only the pipeline's thread write. So it never just
/// waits for room: it waits for room, output or the end, whichever comes first, on one <see cref="WakeSignal"/>.
/// </summary>
public sealed class BatchRun : IDisposable
{
    private const int LaneRecords = 1024;
    private const int AllLanesRecords = 16384;
    private const int HeldRecords = 65536;

    // How far items may run ahead of the first unfinished one, as a multiple of the queue's size.
    private const int OrderWindow = 4;

    private const int LingerMilliseconds = 1;

    // How many items a fast input may add before output is looked at. A slow one looks at it each time.
    private const int AddsPerDrain = 32;

    // How often the number of workers is looked at again while items wait: only then is there a tick at all.
    private const int GrowthMilliseconds = 20;

    private readonly object _lock = new();
    private readonly BatchOptions _options;
    private readonly IWorkerFactory _workers;
    private readonly WakeSignal _signal = new();
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly OrderBuffer? _order;
    private readonly ITimer? _deadline;
    private WorkerSlot[] _slots = [];
    private ItemRecord[] _spare = new ItemRecord[16];
    private int _opening;
    private long _read;
    private int _addsSinceDrain;
    private long _lastDrain;
    private volatile RunEnd _end;
    private Exception? _failure;
    private RunOutcome? _outcome;

    /// <summary>Starts a run; workers are opened when items come.</summary>
    /// <param name="options">What the caller wants.</param>
    /// <param name="workers">Makes the workers.</param>
    /// <param name="clock">Tells the time for the deadline.</param>
    public BatchRun(BatchOptions options, IWorkerFactory workers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ThrottleLimit, 1);
        _options = options;
        _workers = workers;
        _queue = new BoundedQueue<BatchItem>((int)Math.Clamp(options.ThrottleLimit * 2L, 32, 8192), _signal);
        _order = options.KeepOrder ? new OrderBuffer(HeldRecords) : null;
        _deadline = options.Timeout is { } timeout
            ? clock.CreateTimer(_ => EndBy(RunEnd.TimedOut), null, timeout, System.Threading.Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Whether the run was ended before all items were done.</summary>
    public bool IsEnded => _end is not (RunEnd.None or RunEnd.Completed);

    /// <summary>Whether no item will be started any more, for whatever reason.</summary>
    internal bool IsOver => _end is not RunEnd.None;

    /// <summary>Adds an item, and writes what is ready. Blocks, writing, while there is no room.</summary>
    /// <param name="input">The object.</param>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run is over and takes nothing more; <see cref="Close"/> tells why.</returns>
    public bool Add(object? input, IResultSink sink)
    {
        if (_signal.IsAnnounced && IsDrainDue())
        {
            Drain(sink);
        }

        bool patient = true;
        while (true)
        {
            if (IsEnded)
            {
                return false;
            }

            if (IsWithinWindow() && _queue.TryAdd(new BatchItem(_read, input)) == AddResult.Added)
            {
                _read++;

                // Counting the takers' chunks would cost more than a trivial item: that is for those who wait.
                GrowIfWorthwhile(_queue.ItemTicks, _queue.Count);
                return true;
            }

            patient = Await(hungry: !patient, () => !IsWithinWindow() || _queue.WaitsForRoom());
            Drain(sink);
        }
    }

    /// <summary>Says that there is no more input, and writes until all items are done.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False if the run was ended before that; <see cref="Close"/> tells why.</returns>
    public bool Complete(IResultSink sink)
    {
        _queue.Complete();
        bool patient = true;
        while (true)
        {
            // The order matters: what a worker wrote before it became idle is in its lane when the lanes are drained.
            bool done = IsDone();
            Drain(sink);
            if (IsEnded)
            {
                return false;
            }

            // A drain may have passed a lane over because too much was kept, and then made room for it.
            if (done && AreLanesEmpty())
            {
                EndBy(RunEnd.Completed);
                return !IsEnded;
            }

            GrowIfWorthwhile(_queue.EstimateItemTicks(), _queue.CountWaiting());
            patient = Await(hungry: !patient, () => !IsDone());
        }
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
        WorkerSlot[] slots = Volatile.Read(ref _slots);
        foreach (WorkerSlot slot in slots)
        {
            slot.Lane.Close();
        }

        int abandoned = WorkerStopper.Stop(slots, _lock, _end == RunEnd.Completed);

        // Counted only now: while workers were ending, items ended too, and others were still being taken.
        long finished = 0;
        List<BatchItem> interrupted = [];
        foreach (WorkerSlot slot in slots)
        {
            finished += slot.Settle(out BatchItem? unfinished);
            if (unfinished is { } item)
            {
                interrupted.Add(item);
            }
        }

        _outcome = new RunOutcome
        {
            End = _end,
            Read = _read,
            Finished = finished,
            Failed = slots.Sum(slot => slot.Failed),
            Interrupted = [.. interrupted.OrderBy(item => item.Index)],
            Skipped = _queue.DrainRemaining().Count,
            Abandoned = abandoned,
            Failure = _failure,
        };
        return _outcome;
    }

    /// <summary>The same as <see cref="Close"/>, for a caller who can no longer use the account.</summary>
    public void Dispose() => Close();

    internal void Fail(Exception exception) => EndBy(RunEnd.Failed, exception);

    internal void SlotOpened()
    {
        Interlocked.Decrement(ref _opening);

        // The worker that has just opened will take an item in a moment.
        GrowIfWorthwhile(_queue.EstimateItemTicks(), _queue.CountWaiting() - 1);
    }

    internal void SlotChanged() => _signal.Set();

    internal void SlotEnded()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    private void EndBy(RunEnd end, Exception? failure = null)
    {
        WorkerSlot[] slots;
        lock (_lock)
        {
            if (_end != RunEnd.None)
            {
                return;
            }

            slots = _slots;
            _failure = failure;
            _end = end;
        }

        _queue.Cancel();
        foreach (WorkerSlot slot in slots)
        {
            // Idle workers notice by themselves, and one that was not stopped can serve the next batch.
            if (slot.CurrentIndex >= 0)
            {
                slot.BeginStop();
            }
        }

        _signal.Set();
    }

    /// <summary>Waits for the signal, first patiently, then hungrily.</summary>
    /// <returns>Whether the next wait may be a patient one again.</returns>
    private bool Await(bool hungry, Func<bool> nothingHappened)
    {
        _signal.Prepare(hungry);
        if (!nothingHappened() || (hungry && HasOutput()) || IsEnded)
        {
            return true;
        }

        bool mayGrow = _slots.Length < _options.ThrottleLimit && !_queue.IsEmpty();
        int longest = !hungry ? LingerMilliseconds : mayGrow ? GrowthMilliseconds : Timeout.Infinite;
        bool woken = _signal.Wait(longest);
        if (mayGrow)
        {
            GrowIfWorthwhile(_queue.EstimateItemTicks(), _queue.CountWaiting());
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

    private bool HasOutput()
    {
        foreach (WorkerSlot slot in _slots)
        {
            if (MayDrain(slot) && !slot.Lane.IsEmpty())
            {
                return true;
            }
        }

        return false;
    }

    private bool AreLanesEmpty() => Array.TrueForAll(Volatile.Read(ref _slots), slot => slot.Lane.IsEmpty());

    private bool IsWithinWindow() => _order is null || _read - _order.Head < (long)_queue.Capacity * OrderWindow;

    private bool IsDone()
    {
        // The queue first: a worker that takes the last item after it was looked at would not be seen at work.
        if (!_queue.IsEmpty())
        {
            return false;
        }

        foreach (WorkerSlot slot in Volatile.Read(ref _slots))
        {
            if (slot.Phase == SlotPhase.Running)
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
            DrainLanes(sink);
        }
        catch
        {
            // Records are lost now, so the run cannot go on as if nothing had happened.
            Cancel();
            throw;
        }
    }

    private void DrainLanes(IResultSink sink)
    {
        _signal.TakeAnnounced();
        foreach (WorkerSlot slot in Volatile.Read(ref _slots))
        {
            if (slot.Lane.LooksEmpty || !MayDrain(slot))
            {
                continue;
            }

            int count = slot.Lane.TakeAll(ref _spare);
            for (int i = 0; i < count; i++)
            {
                ItemRecord record = _spare[i];
                _spare[i] = default;
                if (_order is not null)
                {
                    _order.Add(record, sink);
                }
                else
                {
                    sink.Write(record);
                }
            }
        }
    }

    // A buffer that is full of later items' records takes only what brings it forward. The others' lanes fill up and their
    // workers wait; the head's worker never does, and as items are taken in order there always is one.
    private bool MayDrain(WorkerSlot slot) =>
        _order is not { IsOverfull: true } || slot.CurrentIndex == _order.Head || slot.Lane.Holds(_order.Head);

    private void GrowIfWorthwhile(long itemTicks, int waiting)
    {
        if (_slots.Length >= _options.ThrottleLimit
            || Volatile.Read(ref _opening) >= _options.OpenLimit
            || _queue.WaitingTakers > 0
            || !WorkerGrowth.IsWorthwhile(
                waiting - Volatile.Read(ref _opening),
                itemTicks,
                _slots.Length,
                (long)(_workers.OpenCost.TotalSeconds * Stopwatch.Frequency)))
        {
            return;
        }

        WorkerSlot slot;
        lock (_lock)
        {
            int number = _slots.Length + 1;
            if (_end != RunEnd.None || number > _options.ThrottleLimit || _opening >= _options.OpenLimit)
            {
                return;
            }

            Interlocked.Increment(ref _opening);
            int laneRecords = Math.Clamp(AllLanesRecords / _options.ThrottleLimit, 16, LaneRecords);
            slot = new WorkerSlot(
                this, _workers.Create(number), number, _queue.AddTaker(), new OutputLane(laneRecords, _signal), _order is not null);
            Volatile.Write(ref _slots, [.. _slots, slot]);
        }

        slot.Start();
    }
}
