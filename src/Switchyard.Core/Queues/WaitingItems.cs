namespace Switchyard.Core.Queues;

/// <summary>
/// What waits in a queue: what was taken back, then what has no weight, in the order of the input, then what has one, the heaviest first. Not for several threads:
/// its owner has the lock.
/// </summary>
internal sealed class WaitingItems<T>(int capacity, int mostOvertaking)
{
    private readonly RingBuffer<T> _inOrder = new(capacity);
    private WeightedItems<T>? _weighted;

    /// <summary>How many items there are. May be read without the lock, as a snapshot.</summary>
    public int Count => _inOrder.Count + (_weighted?.Count ?? 0);

    public bool HasWeights => _weighted is { Count: > 0 };

    /// <summary>The weight of the item that is taken next; none where weights decide nothing, and the greatest where it is not known.</summary>
    public double NextWeight => !HasWeights ? double.NegativeInfinity : _inOrder.Count > 0 ? double.PositiveInfinity : _weighted!.NextWeight;

    public WeightSums Sums => _weighted?.Sums ?? default;

    public void Add(T item, double weight)
    {
        if (!double.IsNaN(weight))
        {
            (_weighted ??= new WeightedItems<T>(mostOvertaking)).Add(item, weight);
        }
        else if (HasWeights)
        {
            // It may be the longest of all. Among the others it cannot keep those waiting for ever.
            _weighted!.Add(item, double.PositiveInfinity);
        }
        else
        {
            _inOrder.AddLast(item);
        }
    }

    public void TakeBack(T item) => _inOrder.AddFirst(item);

    public T Take() => _inOrder.Count > 0 ? _inOrder.RemoveFirst() : _weighted!.Take();

    /// <summary>Takes all: what was taken back, and then in the order of the input.</summary>
    public IEnumerable<T> TakeAll()
    {
        while (_inOrder.Count > 0)
        {
            yield return _inOrder.RemoveFirst();
        }

        foreach (T item in _weighted?.TakeAll() ?? [])
        {
            yield return item;
        }
    }
}
