using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Queues;

/// <summary>One worker's end of a <see cref="BoundedQueue{T}"/>: its current chunk, which others may help themselves from.</summary>
/// <typeparam name="T">What is queued.</typeparam>
public sealed class QueueTaker<T>
{
    private readonly BoundedQueue<T> _queue;
    private readonly ChunkSizer _sizer = new();
    private T[] _chunk = [];
    private int _filled;

    // The claim on an item is this counter alone: the owner raises it without the queue's lock, a thief inside it. The chunk is
    // refilled only by the owner inside the lock, so a thief always reads what it claimed.
    private int _next;
    private int _ownTaken;
    private long _startTicks;

    /// <summary>Whether the next item would have to come from the queue, and perhaps be waited for. A snapshot.</summary>
    public bool IsEmpty => Remaining == 0;

    internal QueueTaker(BoundedQueue<T> queue) => _queue = queue;

    internal int Size => _sizer.Size;

    internal bool IsTrivial => _sizer.IsTrivial;

    internal long ItemTicks { get; private set; }

    internal int Remaining => Math.Max(0, _filled - Volatile.Read(ref _next));

    /// <summary>Waits for an item.</summary>
    /// <param name="item">The item, which nobody else will get.</param>
    /// <returns>False when the queue was completed and all is taken, or it was canceled.</returns>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        if (_queue.IsCanceled)
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
        if (!_queue.Refill(this, out item))
        {
            return false;
        }

        _ownTaken = 1;
        _startTicks = Stopwatch.GetTimestamp();
        return true;
    }

    /// <summary>Takes an item if there is one at this moment, and leaves the other takers' chunks to them.</summary>
    /// <param name="item">The item, which nobody else will get.</param>
    /// <returns>False if there is none, or the queue was canceled.</returns>
    public bool TryTakeNow([MaybeNullWhen(false)] out T item)
    {
        if (_queue.IsCanceled)
        {
            item = default;
            return false;
        }

        if (!TryTakeOwn(out item) && !_queue.TryRefill(this, out item))
        {
            return false;
        }

        // One more of the chunk that is measured: a worker that takes ahead has no gaps between its chunks.
        _ownTaken++;
        return true;
    }

    /// <summary>Takes no more, and gives back what it has not handed out. Called in the place of a worker that was left behind.</summary>
    public void Retire() => _queue.Retire(this);

    internal bool TryTakeOwn([MaybeNullWhen(false)] out T item)
    {
        // Looking first keeps the counter from running away while others find the chunk empty again and again.
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

    /// <summary>Time per item of the chunk in progress. Read from other threads, so only an estimate.</summary>
    internal long TicksSoFar(long now)
    {
        int taken = Volatile.Read(ref _ownTaken);
        return taken == 0 ? 0 : (now - Volatile.Read(ref _startTicks)) / taken;
    }

    internal Span<T> StartChunk(int size)
    {
        if (_chunk.Length < size)
        {
            _chunk = new T[Math.Min(ChunkSizer.MaxSize, size * 2)];
        }

        _filled = size;
        _next = 0;
        return _chunk.AsSpan(0, size);
    }

    internal void NoteSingle()
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
    }
}
