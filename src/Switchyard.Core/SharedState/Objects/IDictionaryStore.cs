namespace Switchyard.Core.SharedState.Objects;

/// <summary>Values by keys that many share, here or in another process.</summary>
internal interface IDictionaryStore
{
    int Count { get; }

    bool IsCaseSensitive { get; }

    /// <summary>Looks a key up.</summary>
    /// <returns>False if it is not there.</returns>
    bool TryGet(object key, out object? value, out long version);

    void Set(object key, object? value);

    /// <summary>Adds a key if it is not there.</summary>
    object? GetOrAdd(object key, object? value);

    /// <summary>Adds to a key's number, or adds the key.</summary>
    /// <param name="initial">What it gets if it is not there.</param>
    object? AddOrUpdate(object key, object? initial, object delta);

    /// <summary>Sets a key's value if it has not been set since it was looked up.</summary>
    /// <param name="version">What looking it up gave; 0 if the key was not there.</param>
    bool TryReplace(object key, object? value, long version);

    /// <summary>Sets a key's value if that is what is expected.</summary>
    /// <returns>False if it is not.</returns>
    bool TryUpdate(object key, object? value, object? expected);

    /// <summary>Removes a key.</summary>
    /// <returns>False if it was not there.</returns>
    bool TryRemove(object key, out object? value);

    void Clear();

    IReadOnlyList<KeyValuePair<object, object?>> Snapshot();
}
