namespace Switchyard.Codec.Containers;

/// <summary>
/// The containers of one value that were written or read, by the order in which they were met: what is met again is named by its
/// number. So cycles end, and what was one object stays one.
/// </summary>
internal sealed class SeenObjects
{
    // Up to here comparing with each is faster than hashing.
    private const int Few = 8;

    private readonly List<object> _objects = [];
    private Dictionary<object, int>? _numbers;

    public int Count => _objects.Count;

    public object this[int number] => _objects[number];

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
                _numbers.Add(_objects[i], i);
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
