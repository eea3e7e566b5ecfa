namespace Switchyard.Codec.Containers;

/// <summary>
/// The containers of one value that were written or read, by the order in which they were met: what is met again is named by its
/// number. So cycles end, and what was one object stays one.
/// </summary>
internal sealed class SeenObjects
{
    // Up to here comparing with each is faster than hashing.
    private const int Few = 8;

    private readonly List<object?> _objects = [];
    private Dictionary<object, int>? _numbers;

    public int Count => _objects.Count;

    /// <summary>The object of a number. What goes around another is made when that is there.</summary>
    public object this[int number]
    {
        get => _objects[number] ??= PSObject.AsPSObject(_objects[number + 1]!);
        set => _objects[number] = value;
    }

    /// <summary>Whether there is an object of a number, or can be made.</summary>
    public bool IsThere(int number) => _objects[number] is not null || (number + 1 < Count && _objects[number + 1] is not null);

    /// <summary>Gives a number to what is read later.</summary>
    public int Reserve()
    {
        _objects.Add(null);
        return _objects.Count - 1;
    }

    public void Clear()
    {
        if (_objects.Count > 0)
        {
            _objects.Clear();
            _numbers = null;
        }
    }

    /// <summary>Adds an object that was not met before.</summary>
    public void Add(object value)
    {
        _numbers?.Add(value, _objects.Count);
        _objects.Add(value);
    }

    /// <summary>Finds the number of an object, or gives it one.</summary>
    /// <returns>Whether it was met before.</returns>
    public bool TryFind(object value, out int number)
    {
        if (_numbers is null && _objects.Count > Few)
        {
            _numbers = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
            for (int i = 0; i < _objects.Count; i++)
            {
                _numbers.Add(_objects[i]!, i);
            }
        }

        number = _numbers is null
            ? _objects.FindIndex(seen => ReferenceEquals(seen, value))
            : _numbers.GetValueOrDefault(value, -1);
        if (number >= 0)
        {
            return true;
        }

        Add(value);
        return false;
    }
}
