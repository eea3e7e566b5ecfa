using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Queues;

/// <summary>
/// The way in: one thread adds, workers take. It is bounded, so that an endless input runs in constant memory, and its bound
/// follows the items: a few for each worker while they are slow, thousands when they turn out to be trivial.
/// </summary>
/// <remarks>
/// One lock guards everything; nobody else's code runs inside it. Each taker takes a chunk at a time and hands itself the items
/// without the lock. What is left of its chunk is still anybody's: a taker that finds the queue empty helps itself from the
/// others' chunks, so a slow item holds up none of those taken with it.
/// </remarks>
/// <typeparam name="T">What is queued.</typeparam>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a queue.")]
public sealed class BoundedQueue<T>
{
    // What a wakeBatched taker waits for: enough that one wake-up serves many items.
    private const int BatchedWakeCount = 256;
    private const int LingerMilliseconds = 1;
    private const int MaxCapacity = 8192;

    private readonly object _lock = new();
    private readonly List<QueueTaker<T>> _takers = [];
    private readonly WakeSignal _feeder;
    private readonly int _minCapacity;
    private readonly RingBuffer<T> _items;
    private int _capacity;
    private int _hungryTakers;
    private int _patientTakers;
    private long _itemTicks;
    private volatile bool _canceled;
    private bool _completed;
    private bool _feederWaits;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="minCapacity">How many items it holds at least before it is full.</param>
    /// <param name="feeder">Woken when there is room again for a feeder that asked by <see cref="WaitsForRoom"/>.</param>
    public BoundedQueue(int minCapacity, WakeSignal feeder)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minCapacity, 1);
        _minCapacity = minCapacity;
        _capacity = minCapacity;
        _feeder = feeder;
        _items = new RingBuffer<T>(Math.Clamp(minCapacity, 16, MaxCapacity));
    }

    /// <summary>How many items wait in the queue itself. A snapshot.</summary>
    public int Count => _items.Count;

    /// <summary>How many takers wait for an item. A snapshot.</summary>
    public int WaitingTakers => Volatile.Read(ref _hungryTakers) + Volatile.Read(ref _patientTakers);

    /// <summary>What an item took in the latest chunk, in <see cref="Stopwatch"/> ticks; 0 before the first has ended.</summary>
    public long ItemTicks => Volatile.Read(ref _itemTicks);

    /// <summary>How many items it holds now before it is full. A snapshot.</summary>
    public int Capacity => Volatile.Read(ref _capacity);

    /// <summary>Whether <see cref="Cancel"/> was called.</summary>
    public bool IsCanceled => _canceled;

    /// <summary>Whether <see cref="Complete"/> was called.</summary>
    public bool IsCompleted => Volatile.Read(ref _completed);

    /// <summary>
    /// Says whether items that were taken may yet come back: then takers of a completed queue wait for them, or for
    /// <see cref="NoteNoneComesBack"/>. Called inside the lock, and must not take another. Null if none ever does.
    /// </summary>
    public Func<bool>? MayComeBack { get; set; }

    /// <summary>Gives a worker its way to take items.</summary>
    /// <returns>The taker, for one thread at a time.</returns>
    public QueueTaker<T> AddTaker()
    {
        QueueTaker<T> taker = new(this);
        lock (_lock)
        {
            _takers.Add(taker);
        }

        return taker;
    }

    /// <summary>Adds an item if there is room. Never blocks.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Whether it was added.</returns>
    public AddResult TryAdd(T item)
    {
        lock (_lock)
        {
            if (_completed || _canceled)
            {
                return AddResult.Closed;
            }

            if (_items.Count >= _capacity)
            {
                return AddResult.Full;
            }

            _items.AddLast(item);
            if (_hungryTakers > 0 || (_patientTakers > 0 && _items.Count >= BatchedWakeCount))
            {
                Monitor.Pulse(_lock);
            }

            return AddResult.Added;
        }
    }

    /// <summary>Takes a taker off that will take no more, and gives back what is left of its chunk.</summary>
    /// <param name="taker">The taker.</param>
    public void Retire(QueueTaker<T> taker)
    {
        lock (_lock)
        {
            List<T> left = [];
            while (taker.TryTakeOwn(out T? item))
            {
                left.Add(item!);
            }

            left.Reverse();
            foreach (T item in left)
            {
                Return(item);
            }

            _takers.Remove(taker);
        }
    }

    /// <summary>Gives back an item that was taken, to be taken again before all others. There is always room for it.</summary>
    /// <param name="item">The item.</param>
    public void Return(T item)
    {
        lock (_lock)
        {
            _items.AddFirst(item);
            if (WaitingTakers > 0)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Says that what was taken will not come back: takers of a completed queue look again.</summary>
    public void NoteNoneComesBack()
    {
        lock (_lock)
        {
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Asks for a wake-up when there is room.</summary>
    /// <returns>Whether there is none now, so that a wake-up will come.</returns>
    public bool WaitsForRoom()
    {
        lock (_lock)
        {
            _feederWaits = _items.Count >= _capacity && !_completed && !_canceled;
            return _feederWaits;
        }
    }

    /// <summary>What an item takes: the latest chunk's figure, or that of a chunk in progress which already takes longer.</summary>
    /// <returns>The time in <see cref="Stopwatch"/> ticks; 0 if none has ended.</returns>
    public long EstimateItemTicks()
    {
        long known = ItemTicks;
        if (known == 0)
        {
            return 0;
        }

        long now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            foreach (QueueTaker<T> taker in _takers)
            {
                known = Math.Max(known, taker.TicksSoFar(now));
            }
        }

        return known;
    }

    /// <summary>Says that nothing more will be added. Takers end when all is taken.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Ends all takers now. What was not taken stays and is counted by <see cref="DrainRemaining"/>.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _canceled = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Whether every item that was added was taken.</summary>
    /// <returns>True if none waits in the queue or in a taker's chunk.</returns>
    public bool IsEmpty()
    {
        lock (_lock)
        {
            return _items.Count == 0 && _takers.TrueForAll(taker => taker.Remaining == 0);
        }
    }

    /// <summary>Counts what nobody has begun: what waits in the queue, and behind the items in progress in the takers' chunks.</summary>
    /// <returns>How many items.</returns>
    public int CountWaiting()
    {
        lock (_lock)
        {
            int waiting = _items.Count;
            foreach (QueueTaker<T> taker in _takers)
            {
                waiting += taker.Remaining;
            }

            return waiting;
        }
    }

    /// <summary>Removes what nobody took, for the account at the end.</summary>
    /// <returns>The items: what is left of each taker's chunk, then what is left in the queue, each in the order of the input.</returns>
    public IReadOnlyList<T> DrainRemaining()
    {
        lock (_lock)
        {
            List<T> remaining = [];
            foreach (QueueTaker<T> taker in _takers)
            {
                while (taker.TryTakeOwn(out T? item))
                {
                    remaining.Add(item!);
                }
            }

            while (_items.Count > 0)
            {
                remaining.Add(_items.RemoveFirst());
            }

            return remaining;
        }
    }

    internal bool Refill(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item)
    {
        bool lingered = false;
        lock (_lock)
        {
            if (taker.ItemTicks > 0)
            {
                _itemTicks = taker.ItemTicks;
            }

            while (true)
            {
                if (_canceled)
                {
                    item = default;
                    return false;
                }

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
                    return false;
                }

                lingered = WaitForItem(patiently: taker.IsTrivial && !lingered);
            }
        }
    }

    internal bool TryRefill(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item)
    {
        lock (_lock)
        {
            if (_canceled || _items.Count == 0)
            {
                item = default;
                return false;
            }

            item = FillFrom(taker);
            return true;
        }
    }

    /// <summary>Waits inside the lock.</summary>
    /// <returns>True if timeout ran out: the next wait is a wakeImmediately one.</returns>
    private bool WaitForItem(bool patiently)
    {
        ref int waiting = ref (patiently ? ref _patientTakers : ref _hungryTakers);
        waiting++;
        try
        {
            return !Monitor.Wait(_lock, patiently ? LingerMilliseconds : Timeout.Infinite);
        }
        finally
        {
            waiting--;
        }
    }

    private T FillFrom(QueueTaker<T> taker)
    {
        // Never more than a fair share: what is left is for those who come next.
        int size = Math.Clamp(taker.Size, 1, Math.Max(1, _items.Count / _takers.Count));
        _capacity = Math.Clamp(taker.Size * _takers.Count * 4, _minCapacity, Math.Max(_minCapacity, MaxCapacity));
        Span<T> chunk = taker.StartChunk(size);
        for (int i = 0; i < size; i++)
        {
            chunk[i] = _items.RemoveFirst();
        }

        if (_feederWaits && _items.Count <= _capacity / 2)
        {
            _feederWaits = false;
            _feeder.Set();
        }

        if (_items.Count > 0 && _hungryTakers > 0)
        {
            Monitor.Pulse(_lock);
        }

        taker.TryTakeOwn(out T? first);
        return first!;
    }

    private bool TrySteal(QueueTaker<T> thief, [MaybeNullWhen(false)] out T item)
    {
        foreach (QueueTaker<T> victim in _takers)
        {
            if (victim != thief && victim.TryTakeOwn(out item))
            {
                thief.NoteSingle();
                return true;
            }
        }

        item = default;
        return false;
    }
}
