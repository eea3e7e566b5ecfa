using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Queues;

/// <summary>One worker's end of a <see cref="BoundedQueue{T}"/>: its current chunk, which other workers may take from.</summary>
internal sealed class QueueTaker<T>(BoundedQueue<T> queue)
{
    private readonly ChunkSizer _sizer = new();
    private T[] _chunk = [];
    private int _filled;

    // This counter alone is the claim on an item: the owner raises it without the queue's lock, another taker inside it. Only the owner
    // refills the chunk, inside the lock, so another taker always reads what it claimed.
    private int _next;
    private int _ownTaken;
    private long _startTicks;
    private double _weight = double.NaN;

    /// <summary>Whether the next item would have to come from the queue, and perhaps be waited for. A snapshot.</summary>
    public bool IsEmpty => Remaining == 0;

    /// <summary>Whether it waits for an item. Read inside the queue's lock.</summary>
    public bool IsWaiting { get; set; }

    public int Size => _sizer.Size;

    public bool IsTrivial => _sizer.IsTrivial;

    public long ItemTicks { get; private set; }

    /// <summary>The greatest weight of what was taken since it was last seen what items take; for others than the queue a snapshot.</summary>
    public double Weight => double.IsNaN(_weight) ? double.NegativeInfinity : _weight;

    /// <summary>The greatest weight of those that <see cref="Size"/> was found by: nothing heavier is taken with others.</summary>
    public double KnownWeight { get; private set; } = double.NegativeInfinity;

    public int Remaining => Math.Max(0, _filled - Volatile.Read(ref _next));

    /// <summary>When the chunk in progress was begun, as a timestamp. A snapshot.</summary>
    public long StartedAt => Volatile.Read(ref _startTicks);

    /// <summary>Waits for an item.</summary>
    /// <returns>False when the queue was completed and all is taken, or it was canceled.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (queue.IsCanceled)
        {
            item = default;
            return false;
        }

        if (TryTakeOwn(out item))
        {
            _ownTaken++;
            return true;
        }

        NoteChunk();
        if (!queue.Refill(this, out item))
        {
            return false;
        }

        _ownTaken = 1;
        _startTicks = Stopwatch.GetTimestamp();
        return true;
    }

    /// <summary>Takes an item if there is one at this moment in the queue or the own chunk.</summary>
    public bool TryTakeNow([MaybeNullWhen(false)] out T item)
    {
        if (queue.IsCanceled)
        {
            item = default;
            return false;
        }

        if (!TryTakeOwn(out item) && !queue.TryRefill(this, out item))
        {
            return false;
        }

        // One more of the chunk that is measured: a worker that takes ahead has no gap between its chunks.
        _ownTaken++;
        return true;
    }

    /// <summary>Gives back what is left of the chunk, for a worker that was abandoned.</summary>
    public void Retire() => queue.Retire(this);

    public bool TryTakeOwn([MaybeNullWhen(false)] out T item)
    {
        // Reading first keeps the counter from overflowing while others find the chunk empty again and again.
        if (Volatile.Read(ref _next) < _filled)
        {
            int claimed = Interlocked.Increment(ref _next) - 1;
            if (claimed < _filled)
            {
                item = _chunk[claimed];
                _chunk[claimed] = default!;
                return true;
            }
        }

        item = default;
        return false;
    }

    public IEnumerable<T> TakeAllOwn()
    {
        while (TryTakeOwn(out T? item))
        {
            yield return item!;
        }
    }

    /// <summary>Time per item of the chunk in progress. Read from other threads, so only an estimate.</summary>
    public long TicksSoFar(long now)
    {
        int taken = Volatile.Read(ref _ownTaken);
        return taken == 0 ? 0 : (now - Volatile.Read(ref _startTicks)) / taken;
    }

    public Span<T> StartChunk(int size, double weight)
    {
        _weight = Math.Max(Weight, weight);
        if (_chunk.Length < size)
        {
            _chunk = new T[Math.Min(ChunkSizer.MaxSize, size * 2)];
        }

        _filled = size;
        _next = 0;
        return _chunk.AsSpan(0, size);
    }

    public void NoteSingle()
    {
        _filled = 0;
        _next = 0;
    }

    private void NoteChunk()
    {
        if (_ownTaken == 0)
        {
            return;
        }

        long ticks = Stopwatch.GetTimestamp() - _startTicks;
        _sizer.Note(_ownTaken, ticks);
        ItemTicks = Math.Max(1, ticks / _ownTaken);
        _ownTaken = 0;
        if (!double.IsNaN(_weight))
        {
            KnownWeight = double.IsPositiveInfinity(_weight) ? double.NegativeInfinity : _weight;
            _weight = double.NaN;
        }
    }
}
