using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;
using Switchyard.SharedState;

namespace Switchyard;

/// <summary>
/// Values by keys, which many read and write at once. Every member is atomic. A value that another process holds is a copy: to change
/// it, set it again.
/// </summary>
public sealed class SharedDictionary : SharedObject
{
    private readonly IDictionaryStore _store;

    internal SharedDictionary(DictionaryState state)
        : base(state) => _store = state;

    internal SharedDictionary(SharedAddress address)
        : base(address) => _store = Hub.Dictionary(address);

    /// <summary>How many keys there are at this moment.</summary>
    public int Count => _store.Count;

    /// <summary>Whether texts as keys differ by their case.</summary>
    public bool IsCaseSensitive => _store.IsCaseSensitive;

    /// <summary>The keys that there are at this moment, in no order.</summary>
    public object[] Keys => [.. _store.Snapshot().Select(pair => pair.Key)];

    /// <summary>The values that there are at this moment, in the order of <see cref="Keys"/> if nothing is changed meanwhile.</summary>
    public object?[] Values => [.. _store.Snapshot().Select(pair => pair.Value)];

    private protected override int Detail => _store.IsCaseSensitive ? 1 : 0;

    /// <summary>A key's value; <c>$null</c> if it is not there.</summary>
    /// <param name="key">The key: a text, a number, a date, a GUID, a version or a URI.</param>
    public object? this[object? key]
    {
        get => _store.TryGet(SharedValues.CheckKey(key), out object? value, out _) ? value : null;
        set => _store.Set(SharedValues.CheckKey(key), SharedValues.Check(value));
    }

    /// <summary>Whether a key is there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>True if so.</returns>
    public bool ContainsKey(object? key) => _store.TryGet(SharedValues.CheckKey(key), out _, out _);

    /// <summary>Looks a key up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False if it is not there.</returns>
    public bool TryGetValue(object? key, out object? value) => _store.TryGet(SharedValues.CheckKey(key), out value, out _);

    /// <summary>Adds a key if it is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value that it gets then.</param>
    /// <returns>False if it was there.</returns>
    public bool TryAdd(object? key, object? value) => _store.TryReplace(SharedValues.CheckKey(key), SharedValues.Check(value), version: 0);

    /// <summary>Adds a key if it is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">
    /// The value that it gets then, or a script block that makes it; the key is <c>$_</c>. Where several do at once, all get what the
    /// first has put in.
    /// </param>
    /// <returns>The value that it has now.</returns>
    public object? GetOrAdd(object? key, object? value)
    {
        object bare = SharedValues.CheckKey(key);
        return PSObjects.Unwrap(value) is ScriptBlock make
            ? _store.TryGet(bare, out object? there, out _) ? there : _store.GetOrAdd(bare, ValueMaker.Make(make, key))
            : _store.GetOrAdd(bare, SharedValues.Check(value));
    }

    /// <summary>Adds a key, or changes its value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What it gets if it is not there.</param>
    /// <param name="change">
    /// If it is: a number that is added, or a script block that makes the new value. That finds the old value as <c>$_</c>, and as its
    /// parameter if it has one; with two it gets the key and the value. It is run again if another changes the value meanwhile, so it
    /// should do nothing else.
    /// </param>
    /// <returns>The value that it has now.</returns>
    public object? AddOrUpdate(object? key, object? value, object? change)
    {
        object bare = SharedValues.CheckKey(key);
        if (PSObjects.Unwrap(change) is not ScriptBlock make)
        {
            object difference = PSObjects.Unwrap(change)
                ?? throw new ArgumentNullException(nameof(change), MessageText.Format(Messages.SharedChangeMissing, bare));
            return _store.AddOrUpdate(bare, SharedValues.Check(value), difference);
        }

        while (true)
        {
            object? next = _store.TryGet(bare, out object? current, out long version)
                ? ValueMaker.Change(make, key, current)
                : SharedValues.Check(value);
            if (_store.TryReplace(bare, next, version))
            {
                return next;
            }
        }
    }

    /// <summary>Changes a key's value if it is what is expected.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The new value.</param>
    /// <param name="expected">What it must be.</param>
    /// <returns>False if it is something else, or the key is not there.</returns>
    public bool TryUpdate(object? key, object? value, object? expected) =>
        _store.TryUpdate(SharedValues.CheckKey(key), SharedValues.Check(value), expected);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>False if it was not there.</returns>
    public bool TryRemove(object? key) => _store.TryRemove(SharedValues.CheckKey(key), out _);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value that it had.</param>
    /// <returns>False if it was not there.</returns>
    public bool TryRemove(object? key, out object? value) => _store.TryRemove(SharedValues.CheckKey(key), out value);

    /// <summary>Removes all keys.</summary>
    public void Clear() => _store.Clear();

    /// <summary>Copies all that there is at this moment.</summary>
    /// <returns>A hashtable of keys and values.</returns>
    public Hashtable ToHashtable()
    {
        Hashtable copy = IsCaseSensitive ? [] : new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach ((object key, object? value) in _store.Snapshot())
        {
            copy[key] = value;
        }

        return copy;
    }

    /// <summary>Goes through all that there is at this moment.</summary>
    /// <returns>Keys and values.</returns>
    public IDictionaryEnumerator GetEnumerator() => ToHashtable().GetEnumerator();
}
