using Switchyard.Engine;

namespace Switchyard.Choosing.Values;

/// <summary>Sees whether the caller changes what it has given while the batch runs: on threads the items after that would find it changed.</summary>
/// <param name="name">What the body calls it.</param>
/// <param name="read">Reads what is watched.</param>
internal sealed class CallerWatch(string name, Func<IEnumerable<object?>> read)
{
    // More is not looked through for each item; how many there are tells much.
    private const int MaxElements = 16;

    private readonly object?[] _known = [.. read()];

    public string Name => name;

    public bool HasChanged
    {
        get
        {
            int i = 0;
            foreach (object? now in read())
            {
                if (i == _known.Length || !IsSame(now, _known[i++]))
                {
                    return true;
                }
            }

            return i < _known.Length;
        }
    }

    public static CallerWatch OfEnvironment(string name) => new("$env:" + name, () => [Environment.GetEnvironmentVariable(name)]);

    public static CallerWatch OfValue(string name, object value) => new(name, () => ContentOf(value));

    private static IEnumerable<object?> ContentOf(object value)
    {
        if (value is PSObject custom)
        {
            return InstanceMembers.TableOf(custom) is { Count: <= MaxElements } table ? [.. table.Values.OfType<PSNoteProperty>().Select(note => note.Value)] : [];
        }

        if (value is not ICollection collection)
        {
            return [];
        }

        IEnumerable<object?> elements = collection.Count > MaxElements ? []
            : collection is IDictionary dictionary ? dictionary.Keys.Cast<object>().Concat(dictionary.Values.Cast<object?>())
            : collection.Cast<object?>();
        return elements.Prepend(collection.Count);
    }

    private static bool IsSame(object? one, object? other) => ReferenceEquals(one, other) || (one is ValueType or string && one.Equals(other));
}
