using System.Numerics;

namespace Switchyard.Core.Queues;

/// <summary>A double-ended queue in an array that grows and is used again and again. Not for several threads: its owner has the lock.</summary>
/// <typeparam name="T">What is kept.</typeparam>
internal sealed class RingBuffer<T>
{
    private T[] _items;
    private int _head;
    private int _count;

    /// <summary>Creates an empty one.</summary>
    /// <param name="capacity">How many items it can hold before it has to grow.</param>
    public RingBuffer(int capacity) => _items = new T[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];

    /// <summary>How many items there are. May be read without the lock, as a snapshot.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>An item in its place.</summary>
    /// <param name="index">Its distance from the first; there must be so many.</param>
    public ref T this[int index] => ref _items[(_head + index) & (_items.Length - 1)];

    /// <summary>Adds an item at the end.</summary>
    /// <param name="item">The item.</param>
    public void AddLast(T item)
    {
        GrowIfFull();
        _items[(_head + _count) & (_items.Length - 1)] = item;
        _count++;
    }

    /// <summary>Adds an item before all others.</summary>
    /// <param name="item">The item.</param>
    public void AddFirst(T item)
    {
        GrowIfFull();
        _head = (_head - 1) & (_items.Length - 1);
        _items[_head] = item;
        _count++;
    }

    /// <summary>Takes the first item; there must be one.</summary>
    /// <returns>The item.</returns>
    public T RemoveFirst()
    {
        T item = _items[_head];
        _items[_head] = default!;
        _head = (_head + 1) & (_items.Length - 1);
        _count--;
        return item;
    }

    /// <summary>Takes the last item; there must be one.</summary>
    /// <returns>The item.</returns>
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
