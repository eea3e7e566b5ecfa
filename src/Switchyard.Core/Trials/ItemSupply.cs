namespace Switchyard.Core.Trials;

/// <summary>The items that may be sampled: one thread adds them as they are read, another takes as many as it turns out to need.</summary>
internal sealed class ItemSupply
{
    private readonly object _lock = new();
    private readonly LinkedList<object?> _items = new();
    private readonly int _capacity;
    private bool _hasEnded;
    private bool _isClosed;

    /// <summary>Makes an empty supply.</summary>
    /// <param name="capacity">How many are read ahead at most.</param>
    public ItemSupply(int capacity) => _capacity = capacity;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _items.Count;
            }
        }
    }

    /// <summary>Adds an item; waits while it is full.</summary>
    /// <returns>False if no more are wanted: this one was not taken.</returns>
    public bool Add(object? item)
    {
        lock (_lock)
        {
            while (!_isClosed && _items.Count >= _capacity)
            {
                Monitor.Wait(_lock);
            }

            if (_isClosed)
            {
                return false;
            }

            _items.AddLast(item);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>There are no more to add.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No more are wanted.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = _hasEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits until so many are there, or no more will come.</summary>
    /// <param name="timeout">How long to wait at most.</param>
    public int Await(int count, TimeSpan timeout)
    {
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_lock)
        {
            while (_items.Count < count && !_hasEnded && deadline - Environment.TickCount64 is var left and > 0)
            {
                Monitor.Wait(_lock, (int)Math.Min(left, int.MaxValue));
            }

            return _items.Count;
        }
    }

    public bool TryTake(out object? item)
    {
        lock (_lock)
        {
            item = _items.First?.Value;
            if (_items.Count == 0)
            {
                return false;
            }

            _items.RemoveFirst();
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Puts items back that were taken and not run.</summary>
    public void GiveBack(IReadOnlyList<object?> items)
    {
        lock (_lock)
        {
            for (int i = items.Count - 1; i >= 0; i--)
            {
                _items.AddFirst(items[i]);
            }

            Monitor.PulseAll(_lock);
        }
    }
}
