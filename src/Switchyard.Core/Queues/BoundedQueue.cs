using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Queues;

/// <summary>
/// The input queue: one thread adds, workers take. It is bounded, so that an endless input runs in constant memory, and its bound
/// follows the items: a few for each worker while they are slow, thousands when they turn out to be trivial.
/// </summary>
/// <remarks>
/// One lock guards everything, and no caller's code runs inside it. Each taker takes a chunk at a time and hands itself the items
/// without the lock. A taker that finds the queue empty steals from the others' chunks, so a slow item holds up none of those that were
/// taken with it. Of items with weights none is in a chunk that is heavier than those by which its size was found.
/// </remarks>
internal sealed class BoundedQueue<T>
{
    // Enough items to wake a taker for that waits for more than one.
    private const int BatchedWakeCount = 256;
    private const int LingerMilliseconds = 1;
    private const int MaxCapacity = 8192;

    private readonly object _lock = new();
    private readonly List<QueueTaker<T>> _takers = [];
    private readonly WakeSignal _roomSignal;
    private readonly int _maxCapacity;
    private readonly int _mostWeighed;
    private int _minCapacity;
    private readonly WaitingItems<T> _items;
    private int _capacity;
    private int _immediateTakers;
    private int _batchedTakers;
    private long _itemTicks;
    private volatile bool _canceled;
    private bool _completed;
    private bool _adderWaits;

    /// <param name="minCapacity">How many items it holds at least before it is full.</param>
    /// <param name="roomSignal">Set when there is room again, if that was asked for by <see cref="WaitsForRoom"/>.</param>
    /// <param name="size">How much of what is looked at to find the heaviest each item is: it is a group of so many.</param>
    /// <param name="isFixed">Whether it never holds more than that, however short its items are.</param>
    public BoundedQueue(int minCapacity, WakeSignal roomSignal, int size = 1, bool isFixed = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minCapacity, 1);
        _minCapacity = _capacity = minCapacity;
        _maxCapacity = isFixed ? minCapacity : Math.Max(minCapacity, MaxCapacity);
        _mostWeighed = isFixed ? minCapacity : Math.Max(minCapacity, MaxCapacity / size);
        _roomSignal = roomSignal;
        _items = new WaitingItems<T>(Math.Clamp(minCapacity, 16, MaxCapacity), MaxCapacity);
    }

    /// <summary>How many items wait in the queue itself, not in chunks. A snapshot.</summary>
    public int Count => _items.Count;

    public int WaitingTakers => Volatile.Read(ref _immediateTakers) + Volatile.Read(ref _batchedTakers);

    /// <summary>What an item took in the latest chunk, in <see cref="Stopwatch"/> ticks; 0 before the first has ended.</summary>
    public long ItemTicks => Volatile.Read(ref _itemTicks);

    public int Capacity => Volatile.Read(ref _capacity);

    public bool IsCanceled => _canceled;

    public bool IsCompleted => Volatile.Read(ref _completed);

    // The heaviest can be first only of what has been read.
    private bool IsFull => _items.Count >= (_items.HasWeights ? _mostWeighed : _capacity);

    /// <summary>
    /// Says whether items that were taken may yet come back: then takers of a completed queue wait for them, or for
    /// <see cref="NoteNoneComesBack"/>. Called inside the lock, and must not take another. Null if none ever does.
    /// </summary>
    public Func<bool>? MayComeBack { get; set; }

    /// <summary>What a taker gets that would otherwise wait. Called inside the lock, and must not call the queue. Null if it gets nothing.</summary>
    public SpareItem<T>? Spare { get; set; }

    public QueueTaker<T> AddTaker()
    {
        QueueTaker<T> taker = new(this);
        lock (_lock)
        {
            _takers.Add(taker);
        }

        return taker;
    }

    /// <param name="weight">How much work it is; not a number if that is not known.</param>
    public AddResult TryAdd(T item, double weight = double.NaN)
    {
        lock (_lock)
        {
            if (_completed || _canceled || IsFull)
            {
                return _completed || _canceled ? AddResult.Closed : AddResult.Full;
            }

            _items.Add(item, weight);
            if (_immediateTakers > 0 || (_batchedTakers > 0 && _items.Count >= BatchedWakeCount))
            {
                Monitor.Pulse(_lock);
            }

            return AddResult.Added;
        }
    }

    /// <summary>Lets it hold more before it is full.</summary>
    public void Widen(int minCapacity)
    {
        lock (_lock)
        {
            _minCapacity = Math.Max(_minCapacity, Math.Min(minCapacity, _maxCapacity));
            _capacity = Math.Max(_capacity, _minCapacity);
            if (_adderWaits && !IsFull)
            {
                _adderWaits = false;
                _roomSignal.Set();
            }
        }
    }

    /// <summary>Removes a taker that will take no more, and gives back what is left of its chunk.</summary>
    public void Retire(QueueTaker<T> taker)
    {
        lock (_lock)
        {
            foreach (T item in taker.TakeAllOwn().Reverse())
            {
                Return(item);
            }

            _takers.Remove(taker);
        }
    }

    /// <summary>Puts an item that was taken back before all others. There is always room for it.</summary>
    public void Return(T item)
    {
        lock (_lock)
        {
            _items.TakeBack(item);
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Says that what was taken will not come back: takers of a completed queue check again.</summary>
    public void NoteNoneComesBack()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Asks for a wake-up when there is room again. False if there is room now.</summary>
    public bool WaitsForRoom()
    {
        lock (_lock)
        {
            return _adderWaits = IsFull && !_completed && !_canceled;
        }
    }

    /// <summary>What an item takes: the latest chunk's figure, or that of a chunk in progress which already takes longer.</summary>
    public long EstimateItemTicks()
    {
        long known = ItemTicks;
        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            return known == 0 ? 0 : _takers.Select(taker => taker.TicksSoFar(now)).Append(known).Max();
        }
    }

    /// <summary>Says that nothing more will be added. Takers end when all is taken.</summary>
    public void Complete()
    {
        Volatile.Write(ref _completed, true);
        NoteNoneComesBack();
    }

    /// <summary>Ends all takers now. What was not taken is left for <see cref="DrainRemaining"/>.</summary>
    public void Cancel()
    {
        _canceled = true;
        NoteNoneComesBack();
    }

    /// <summary>Whether no item waits, in the queue or in a taker's chunk.</summary>
    public bool IsEmpty() => CountWaiting() == 0;

    /// <summary>Counts the items that wait in the queue and, behind those in progress, in the takers' chunks.</summary>
    public int CountWaiting()
    {
        lock (_lock)
        {
            return _items.Count + _takers.Sum(taker => taker.Remaining);
        }
    }

    public WeightSums ReadWeights()
    {
        lock (_lock)
        {
            return _items.Sums;
        }
    }

    /// <summary>Removes what was not taken: first what is left of each taker's chunk, then the queue, each in the order of the input.</summary>
    public IReadOnlyList<T> DrainRemaining()
    {
        lock (_lock)
        {
            return [.. _takers.SelectMany(taker => taker.TakeAllOwn()), .. _items.TakeAll()];
        }
    }

    public bool Refill(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item)
    {
        bool lingered = false;
        lock (_lock)
        {
            _itemTicks = taker.ItemTicks > 0 ? taker.ItemTicks : _itemTicks;
            while (!_canceled)
            {
                if (_items.Count > 0)
                {
                    item = FillFrom(taker);
                    return true;
                }

                if (TrySteal(taker, out item))
                {
                    return true;
                }

                if (_completed && MayComeBack?.Invoke() != true)
                {
                    break;
                }

                lingered = WaitForItem(taker, batched: taker.IsTrivial && !lingered);
            }
        }

        item = default;
        return false;
    }

    public bool TryRefill(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            bool hasItem = !_canceled && _items.Count > 0 && Math.Max(taker.Weight, _items.NextWeight) <= taker.KnownWeight;
            item = hasItem ? FillFrom(taker) : default!;
            return hasItem;
        }
    }

    /// <summary>Waits inside the lock. True if the time was over: the next wait is to be ended by any item.</summary>
    private bool WaitForItem(QueueTaker<T> taker, bool batched)
    {
        ref int waiting = ref (batched ? ref _batchedTakers : ref _immediateTakers);
        waiting++;
        taker.IsWaiting = true;
        try
        {
            return !Monitor.Wait(_lock, batched ? LingerMilliseconds : Timeout.Infinite);
        }
        finally
        {
            waiting--;
            taker.IsWaiting = false;
        }
    }

    private T FillFrom(QueueTaker<T> taker)
    {
        // Never more than a fair share: what is left is for the next takers.
        double weight = _items.NextWeight;
        int size = weight > taker.KnownWeight ? 1 : Math.Clamp(taker.Size, 1, Math.Max(1, _items.Count / _takers.Count));
        _capacity = Math.Clamp(taker.Size * _takers.Count * 4, _minCapacity, _maxCapacity);
        Span<T> chunk = taker.StartChunk(size, weight);
        for (int i = 0; i < size; i++)
        {
            chunk[i] = _items.Take();
        }

        if (_adderWaits && _items.Count <= (_items.HasWeights ? Math.Max(_mostWeighed - ChunkSizer.MaxSize, _mostWeighed / 2) : _capacity / 2))
        {
            _adderWaits = false;
            _roomSignal.Set();
        }

        if (_items.Count > 0 && _immediateTakers > 0)
        {
            Monitor.Pulse(_lock);
        }

        taker.TryTakeOwn(out T? first);
        return first!;
    }

    private bool TrySteal(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item)
    {
        foreach (QueueTaker<T> other in _takers)
        {
            if (other != taker && other.TryTakeOwn(out item))
            {
                taker.NoteSingle();
                return true;
            }
        }

        item = default;
        return Spare?.Invoke(taker, out item) == true;
    }
}
