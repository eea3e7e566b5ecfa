using System.Diagnostics;
using Switchyard.Items;
using Switchyard.Policies;
using Switchyard.Queues;

namespace Switchyard.Batch;

/// <summary>The workers of a run: opened one by one as they are worth it, never more than the throttle allows.</summary>
internal sealed class WorkerCrew
{
    private const int LaneRecords = 1024;
    private const int AllLanesRecords = 16384;

    private readonly object _lock = new();
    private readonly BatchRun _run;
    private readonly BatchOptions _options;
    private readonly IWorkerFactory _workers;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly WakeSignal _signal;
    private WorkerSlot[] _slots = [];
    private int _opened;
    private int _opening;
    private bool _isClosed;

    /// <summary>Has nobody yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="workers">Makes the workers.</param>
    /// <param name="queue">Where they take from.</param>
    /// <param name="signal">Woken by what they write.</param>
    public WorkerCrew(
        BatchRun run, BatchOptions options, IWorkerFactory workers, BoundedQueue<BatchItem> queue, WakeSignal signal)
    {
        _run = run;
        _options = options;
        _workers = workers;
        _queue = queue;
        _signal = signal;
    }

    /// <summary>All that there are, and those that were left behind. A snapshot.</summary>
    public WorkerSlot[] Slots => Volatile.Read(ref _slots);

    /// <summary>Pulsed whenever one has ended.</summary>
    public object Ended { get; } = new();

    /// <summary>Whether there may be more.</summary>
    public bool MayGrow => Volatile.Read(ref _opened) < (_run.Tuner?.Throttle.Limit ?? _options.ThrottleLimit);

    /// <summary>Opens one more if that pays, and if there may be one.</summary>
    /// <param name="itemTicks">What an item takes; 0 if nothing is known.</param>
    /// <param name="waiting">How many items wait.</param>
    public void GrowIfWorthwhile(long itemTicks, int waiting)
    {
        if (!MayGrow
            || Volatile.Read(ref _opening) >= _options.OpenLimit
            || _queue.WaitingTakers > 0
            || _run.Gate is { Waiting: > 0 }
            || !WorkerGrowth.IsWorthwhile(
                waiting - Volatile.Read(ref _opening),
                itemTicks,
                _opened,
                (long)(_workers.OpenCost.TotalSeconds * Stopwatch.Frequency)))
        {
            return;
        }

        WorkerSlot slot;
        lock (_lock)
        {
            if (_isClosed || !MayGrow || _opening >= _options.OpenLimit)
            {
                return;
            }

            slot = Add(++_opened);
        }

        slot.Start();
    }

    /// <summary>Opens one in the place of one that was left behind.</summary>
    /// <param name="abandoned">That one.</param>
    public void Replace(WorkerSlot abandoned)
    {
        WorkerSlot slot;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            slot = Add(abandoned.Number);
        }

        slot.Start();
    }

    /// <summary>Takes note that one is open, well or not.</summary>
    public void NoteOpened()
    {
        Interlocked.Decrement(ref _opening);

        // The worker that has just opened will take an item in a moment.
        GrowIfWorthwhile(_queue.EstimateItemTicks(), _queue.CountWaiting() - 1);
    }

    /// <summary>Takes note that one has ended.</summary>
    public void NoteEnded()
    {
        lock (Ended)
        {
            Monitor.PulseAll(Ended);
        }
    }

    /// <summary>Opens no more.</summary>
    /// <returns>All that there are.</returns>
    public WorkerSlot[] Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _slots;
        }
    }

    private WorkerSlot Add(int number)
    {
        Interlocked.Increment(ref _opening);
        int most = _options.AdjustThrottle ? 1 : _options.ThrottleLimit;
        int laneRecords = Math.Clamp(AllLanesRecords / most, 16, LaneRecords);
        WorkerSlot slot = new(
            _run, _workers.Create(number), number, _queue.AddTaker(), new OutputLane(laneRecords, _signal), _options.KeepOrder);

        // Those that were left behind stay until what they wrote is read and their thread has ended.
        Volatile.Write(ref _slots, [.. _slots.Where(other => !other.IsGone), slot]);
        return slot;
    }
}
