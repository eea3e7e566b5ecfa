namespace Switchyard.Core.Queues;

/// <summary>
/// Items of which it is known how much work each is. It gives out the heaviest first, so that none of those is left when all else is done; but no item later than
/// so many places after its turn, so that a light one of an endless input has its turn, too. Not for several threads: its owner has the lock.
/// </summary>
/// <param name="mostOvertaking">How many places that is.</param>
internal sealed class WeightedItems<T>(int mostOvertaking)
{
    private readonly SortedSet<(double Weight, long Number)> _byWeight = new(HeaviestFirst.Instance);

    // In the order in which they were added, those that were taken too: the first is always there.
    private readonly RingBuffer<Place> _places = new(16);
    private long _first;
    private long _taken;
    private int _count;
    private double _sum;
    private double _waiting;

    /// <summary>How many items there are. May be read without the lock, as a snapshot.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The weight of the item that is given out next, of which there must be one; the greatest where that is not what it is next for.</summary>
    public double NextWeight => IsOverdue ? double.PositiveInfinity : _byWeight.Min.Weight;

    // Where items come and go in their order, as many were taken as were added before the first that waits.
    private bool IsOverdue => _taken - _first >= mostOvertaking;

    /// <summary>What all that was ever added weighs, and what of that is still here; as far as it is known.</summary>
    public WeightSums Sums => new(_sum, Math.Max(0, _waiting), _count == 0 ? 0 : WeightSums.Known(_byWeight.Min.Weight));

    public void Add(T item, double weight)
    {
        _sum += WeightSums.Known(weight);
        _waiting += WeightSums.Known(weight);
        _byWeight.Add((weight, _first + _places.Count));
        _places.AddLast(new Place(item, weight));
        Volatile.Write(ref _count, _count + 1);
    }

    public T Take()
    {
        int index = IsOverdue ? 0 : (int)(_byWeight.Min.Number - _first);
        Place place = _places[index];
        _byWeight.Remove((place.Weight, _first + index));
        _waiting -= WeightSums.Known(place.Weight);
        _places[index] = default;
        _taken++;
        Volatile.Write(ref _count, _count - 1);
        while (_places.Count > 0 && !_places[0].IsHere)
        {
            _places.RemoveFirst();
            _first++;
        }

        return place.Item;
    }

    /// <summary>Takes all, in the order in which they were added.</summary>
    public IEnumerable<T> TakeAll()
    {
        _byWeight.Clear();
        _waiting = 0;
        Volatile.Write(ref _count, 0);
        for (; _places.Count > 0; _first++)
        {
            Place place = _places.RemoveFirst();
            if (place.IsHere)
            {
                _taken++;
                yield return place.Item;
            }
        }
    }

    private readonly record struct Place(T Item, double Weight)
    {
        public bool IsHere { get; } = true;
    }

    private sealed class HeaviestFirst : IComparer<(double Weight, long Number)>
    {
        public static readonly HeaviestFirst Instance = new();

        public int Compare((double Weight, long Number) x, (double Weight, long Number) y) =>
            y.Weight.CompareTo(x.Weight) is var heavier and not 0 ? heavier : x.Number.CompareTo(y.Number);
    }
}
