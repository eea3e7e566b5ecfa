namespace Switchyard.Core.SharedState.Objects;

/// <summary>A dictionary in the process that holds it.</summary>
internal sealed class DictionaryState : SharedObjectState, IDictionaryStore
{
    private readonly Dictionary<object, Entry> _entries;
    private readonly IValueArithmetic _values;
    private long _lastVersion;

    public DictionaryState(string name, bool isCaseSensitive, IValueArithmetic values)
        : base(SharedKind.Dictionary, name)
    {
        IsCaseSensitive = isCaseSensitive;
        _entries = new Dictionary<object, Entry>(new KeyComparer(isCaseSensitive));
        _values = values;
    }

    public bool IsCaseSensitive { get; }

    public int Count
    {
        get
        {
            lock (Gate)
            {
                ThrowIfDisposed();
                return _entries.Count;
            }
        }
    }

    public bool TryGet(object key, out object? value, out long version)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            bool isThere = _entries.TryGetValue(key, out Entry entry);
            value = entry.Value;
            version = entry.Version;
            return isThere;
        }
    }

    public void Set(object key, object? value)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            SetLocked(key, value);
        }
    }

    public object? GetOrAdd(object key, object? value)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            if (_entries.TryGetValue(key, out Entry entry))
            {
                return entry.Value;
            }

            SetLocked(key, value);
            return value;
        }
    }

    public object? AddOrUpdate(object key, object? initial, object delta)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            object? value = _entries.TryGetValue(key, out Entry entry) ? _values.Add(entry.Value, delta) : initial;
            SetLocked(key, value);
            return value;
        }
    }

    public bool TryReplace(object key, object? value, long version)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            bool isSame = (_entries.TryGetValue(key, out Entry entry) ? entry.Version : 0) == version;
            if (isSame)
            {
                SetLocked(key, value);
            }

            return isSame;
        }
    }

    public bool TryUpdate(object key, object? value, object? expected)
    {
        while (TryGet(key, out object? current, out long version) && _values.AreEqual(current, expected))
        {
            // Comparing may run anything, so it is done outside the lock.
            if (TryReplace(key, value, version))
            {
                return true;
            }
        }

        return false;
    }

    public bool TryRemove(object key, out object? value)
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            bool wasThere = _entries.Remove(key, out Entry entry);
            value = entry.Value;
            return wasThere;
        }
    }

    public void Clear()
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            _entries.Clear();
        }
    }

    public IReadOnlyList<KeyValuePair<object, object?>> Snapshot()
    {
        lock (Gate)
        {
            ThrowIfDisposed();
            return [.. _entries.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value))];
        }
    }

    private void SetLocked(object key, object? value) => _entries[key] = new Entry(value, ++_lastVersion);

    private readonly record struct Entry(object? Value, long Version);

    private sealed class KeyComparer(bool isCaseSensitive) : IEqualityComparer<object>
    {
        private readonly StringComparer _texts = isCaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

        bool IEqualityComparer<object>.Equals(object? x, object? y) =>
            x is string one && y is string other ? _texts.Equals(one, other) : Equals(x, y);

        public int GetHashCode(object key) => key is string text ? _texts.GetHashCode(text) : key.GetHashCode();
    }
}
