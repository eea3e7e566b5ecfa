namespace Switchyard.Sharing;

/// <summary>The way from a value to what it holds: names, keys and numbers.</summary>
internal sealed class ObjectPath
{
    private readonly Stack<object> _keys = new();

    public int Length => _keys.Count;

    public void Clear() => _keys.Clear();

    public void Enter(object key) => _keys.Push(key);

    public void Leave() => _keys.Pop();

    /// <summary>As a script would write it: <c>.Name['a key'][2]</c>.</summary>
    public override string ToString()
    {
        StringBuilder place = new();
        foreach (object key in _keys.Reverse())
        {
            place.Append(key switch
            {
                int index => $"[{index}]",
                _ when key is string name && name.All(letter => char.IsLetterOrDigit(letter) || letter == '_') => "." + name,
                _ => $"['{key}']",
            });
        }

        return place.ToString();
    }
}
