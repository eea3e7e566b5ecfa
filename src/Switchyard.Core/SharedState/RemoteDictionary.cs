using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>A dictionary that another process holds.</summary>
/// <param name="client">Reaches the other process.</param>
/// <param name="address">Says which dictionary.</param>
internal sealed class RemoteDictionary(StateClient client, SharedAddress address) : IDictionaryStore
{
    /// <inheritdoc/>
    public int Count => Call(StateOperation.DictionaryCount, static (_, _) => { }, static (reader, _) => reader.ReadCount(0));

    /// <inheritdoc/>
    public bool IsCaseSensitive => address.Detail != 0;

    /// <inheritdoc/>
    public bool TryGet(object key, out object? value, out long version)
    {
        (bool isThere, version, value) = Call(
            StateOperation.DictionaryGet,
            (writer, codec) => codec.Write(writer, key),
            static (reader, codec) => (reader.ReadBoolean(), reader.ReadSigned(), codec.Read(reader)));
        return isThere;
    }

    /// <inheritdoc/>
    public void Set(object key, object? value) => Call(StateOperation.DictionarySet, Values(key, value), static (_, _) => true);

    /// <inheritdoc/>
    public object? GetOrAdd(object key, object? value) =>
        Call(StateOperation.DictionaryGetOrAdd, Values(key, value), static (reader, codec) => codec.Read(reader));

    /// <inheritdoc/>
    public object? AddOrUpdate(object key, object? initial, object delta) =>
        Call(StateOperation.DictionaryAddOrUpdate, Values(key, initial, delta), static (reader, codec) => codec.Read(reader));

    /// <inheritdoc/>
    public bool TryReplace(object key, object? value, long version) => Call(
        StateOperation.DictionaryReplace,
        (writer, codec) =>
        {
            codec.Write(writer, key);
            writer.WriteSigned(version);
            codec.Write(writer, value);
        },
        static (reader, _) => reader.ReadBoolean());

    /// <inheritdoc/>
    public bool TryUpdate(object key, object? value, object? expected) =>
        Call(StateOperation.DictionaryUpdate, Values(key, value, expected), static (reader, _) => reader.ReadBoolean());

    /// <inheritdoc/>
    public bool TryRemove(object key, out object? value)
    {
        (bool wasThere, value) = Call(
            StateOperation.DictionaryRemove, Values(key), static (reader, codec) => (reader.ReadBoolean(), codec.Read(reader)));
        return wasThere;
    }

    /// <inheritdoc/>
    public void Clear() => Call(StateOperation.DictionaryClear, static (_, _) => { }, static (_, _) => true);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<object, object?>> Snapshot() => Call(
        StateOperation.DictionarySnapshot,
        static (_, _) => { },
        static (reader, codec) =>
        {
            KeyValuePair<object, object?>[] all = new KeyValuePair<object, object?>[reader.ReadCount()];
            for (int i = 0; i < all.Length; i++)
            {
                object key = codec.Read(reader) ?? throw new MalformedFrameException(Messages.SharedKeyMissing);
                all[i] = KeyValuePair.Create(key, codec.Read(reader));
            }

            return all;
        });

    private static Action<WireWriter, IStateCodec> Values(params object?[] values) => (writer, codec) =>
    {
        foreach (object? value in values)
        {
            codec.Write(writer, value);
        }
    };

    private T Call<T>(StateOperation operation, Action<WireWriter, IStateCodec> write, Func<WireReader, IStateCodec, T> read) =>
        client.Call(address, operation, write, read);
}
