namespace Switchyard.Core.SharedState;

/// <summary>Values by keys that many share, here or in another process.</summary>
public interface IDictionaryStore
{
    /// <summary>How many keys there are. A snapshot.</summary>
    int Count { get; }

    /// <summary>Whether texts as keys differ by their case.</summary>
    bool IsCaseSensitive { get; }

    /// <summary>Looks a key up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="version">Changes with every change of this key's value; needed for <see cref="TryReplace"/>.</param>
    /// <returns>False if it is not there.</returns>
    bool TryGet(object key, out object? value, out long version);

    /// <summary>Sets a key's value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    void Set(object key, object? value);

    /// <summary>Adds a key if it is not there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value that it gets then.</param>
    /// <returns>The value that it has now.</returns>
    object? GetOrAdd(object key, object? value);

    /// <summary>Adds to a key's number, or adds the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="initial">What it gets if it is not there.</param>
    /// <param name="delta">What is added to it if it is.</param>
    /// <returns>The value that it has now.</returns>
    object? AddOrUpdate(object key, object? initial, object delta);

    /// <summary>Sets a key's value if it has not been set since it was looked up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="version">What looking it up gave; 0 if the key was not there.</param>
    /// <returns>False if it has.</returns>
    bool TryReplace(object key, object? value, long version);

    /// <summary>Sets a key's value if that is what is expected.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expected">What it must be.</param>
    /// <returns>False if it is not.</returns>
    bool TryUpdate(object key, object? value, object? expected);

    /// <summary>Removes a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value that it had.</param>
    /// <returns>False if it was not there.</returns>
    bool TryRemove(object key, out object? value);

    /// <summary>Removes all keys.</summary>
    void Clear();

    /// <summary>Copies all that there is at one moment.</summary>
    /// <returns>Keys and values.</returns>
    IReadOnlyList<KeyValuePair<object, object?>> Snapshot();
}
