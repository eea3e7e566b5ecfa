using System.Diagnostics;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>The workers of a run: opened one by one as they are worth it, never more than the throttle allows.</summary>
internal sealed class WorkerPool
{
    private const int BufferedRecords = 1024;
    private const int AllBufferedRecords = 16384;

    private readonly object _lock = new();
    private readonly BatchRun _run;
    private readonly BatchOptions _options;
    private readonly IWorkerFactory _workers;
    private readonly BoundedQueue<BatchItem> _queue;
    private readonly WakeSignal _signal;
    private readonly Func<int> _countWaiting;
    private readonly Func<int> _countQueued;
    private WorkerThread[] _slots = [];
    private int _opened;
    private int _opening;
    private int _newcomers;
    private bool _isClosed;

    /// <summary>Has nobody yet.</summary>
    /// <param name="run">The run.</param>
    /// <param name="options">What the caller wants.</param>
    /// <param name="workers">Makes the workers.</param>
    /// <param name="queue">Where they take from.</param>
    /// <param name="signal">Woken by what they write.</param>
    public WorkerPool(
        BatchRun run, BatchOptions options, IWorkerFactory workers, BoundedQueue<BatchItem> queue, WakeSignal signal)
    {
        _run = run;
        _options = options;
        _workers = workers;
        _queue = queue;
        _signal = signal;
        _countWaiting = queue.CountWaiting;
        _countQueued = () => queue.Count;
        queue.MayComeBack = () => HasReserved;
    }

    /// <summary>All that there are, and those that were left behind. A snapshot.</summary>
    public WorkerThread[] Slots => Volatile.Read(ref _slots);

    /// <summary>Pulsed whenever one has ended.</summary>
    public object Ended { get; } = new();

    /// <summary>Whether there may be more.</summary>
    public bool MayGrow => Volatile.Read(ref _opened) < (_run.Tuner?.Throttle.Limit ?? _options.ThrottleLimit);

    /// <summary>Whether a worker holds items that it has not begun.</summary>
    public bool HasReserved => Array.Exists(Slots, slot => slot.ReservedCount > 0);

    /// <summary>Opens one more if that pays, and if there may be one. Takes every item that waits into account.</summary>
    public void GrowIfWorthwhile()
    {
        if (MayOpen)
        {
            Grow(_queue.EstimateItemTicks(), _countWaiting);
        }
    }

    /// <summary>
    /// The same for an item that was just added: counting the takers' chunks would cost more than a trivial item, so that is for
    /// those who wait.
    /// </summary>
    public void GrowForAdded()
    {
        if (MayOpen)
        {
            Grow(_queue.ItemTicks, _countQueued);
        }
    }

    /// <summary>Opens one in the place of one that was left behind.</summary>
    /// <param name="abandoned">That one.</param>
    public void Replace(WorkerThread abandoned)
    {
        WorkerThread slot;
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
        GrowIfWorthwhile();
    }

    /// <summary>Takes note that one has its first item, or will never have one: until then, one of those that wait is meant for it.</summary>
    public void NoteArrived() => Interlocked.Decrement(ref _newcomers);

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
    public WorkerThread[] Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _slots;
        }
    }

    private bool MayOpen =>
        MayGrow && Volatile.Read(ref _opening) < _options.OpenLimit && _queue.WaitingTakers == 0 && _run.Gate is not { Waiting: > 0 };

    private void Grow(long itemTicks, Func<int> countWaiting)
    {
        if (!IsWorthwhile(itemTicks, countWaiting))
        {
            return;
        }

        WorkerThread slot;
        lock (_lock)
        {
            // Once more, as another thread may have opened the one that this was about.
            if (_isClosed || !MayOpen || !IsWorthwhile(itemTicks, countWaiting))
            {
                return;
            }

            slot = Add(++_opened);
        }

        slot.Start();
    }

    private bool IsWorthwhile(long itemTicks, Func<int> countWaiting)
    {
        // Newcomers first: one that takes its item between the two looks would leave an item behind that nobody is meant for.
        int newcomers = Volatile.Read(ref _newcomers);
        int waiting = countWaiting() + CountReserved();
        return WorkerGrowth.IsWorthwhile(
            waiting - newcomers, itemTicks, _opened, (long)(_workers.OpenCost.TotalSeconds * Stopwatch.Frequency));
    }

    // What a worker has taken ahead waits, too, and can be got back.
    private int CountReserved()
    {
        int count = 0;
        foreach (WorkerThread slot in Slots)
        {
            count += slot.ReservedCount;
        }

        return count;
    }

    private WorkerThread Add(int number)
    {
        Interlocked.Increment(ref _opening);
        Interlocked.Increment(ref _newcomers);
        int most = _options.AdjustThrottle ? 1 : _options.ThrottleLimit;
        int laneRecords = Math.Clamp(AllBufferedRecords / most, 16, BufferedRecords);
        WorkerThread slot = new(
            _run, _workers.Create(number), number, _queue, new OutputBuffer(laneRecords, _signal), _options.KeepOrder);

        // Those that were left behind stay until what they wrote is read and their thread has ended.
        Volatile.Write(ref _slots, [.. _slots.Where(other => !other.IsGone), slot]);
        return slot;
    }
}
