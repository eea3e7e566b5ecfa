using System.Numerics;

namespace Switchyard.Core.Queues;

/// <summary>A double-ended queue in an array that grows. Not for several threads: its owner has the lock.</summary>
internal sealed class RingBuffer<T>(int capacity)
{
    private T[] _items = new T[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private int _head;
    private int _count;

    /// <summary>How many items there are. May be read without the lock, as a snapshot.</summary>
    public int Count => Volatile.Read(ref _count);

    public ref T this[int index] => ref _items[(_head + index) & (_items.Length - 1)];

    public void AddLast(T item)
    {
        GrowIfFull();
        _items[(_head + _count) & (_items.Length - 1)] = item;
        _count++;
    }

    public void AddFirst(T item)
    {
        GrowIfFull();
        _head = (_head - 1) & (_items.Length - 1);
        _items[_head] = item;
        _count++;
    }

    public T RemoveFirst()
    {
        T item = _items[_head];
        _items[_head] = default!;
        _head = (_head + 1) & (_items.Length - 1);
        _count--;
        return item;
    }

    public T RemoveLast()
    {
        _count--;
        int last = (_head + _count) & (_items.Length - 1);
        T item = _items[last];
        _items[last] = default!;
        return item;
    }

    private void GrowIfFull()
    {
        if (_count < _items.Length)
        {
            return;
        }

        T[] larger = new T[_items.Length * 2];
        for (int i = 0; i < _count; i++)
        {
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        }

        _items = larger;
        _head = 0;
    }
}
