using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>What other processes can ask of a dictionary.</summary>
internal static class DictionaryCalls
{
    /// <summary>Does what was asked, and says what came of it.</summary>
    /// <param name="operation">What.</param>
    /// <param name="dictionary">With which dictionary.</param>
    /// <param name="reader">Reads what was sent with the question.</param>
    /// <param name="replies">To whoever asks.</param>
    /// <exception cref="MalformedFrameException">No dictionary does that.</exception>
    public static void Serve(StateOperation operation, DictionaryState dictionary, WireReader reader, StateReplies replies)
    {
        switch (operation)
        {
            case StateOperation.DictionaryCount:
                replies.Done((writer, _) => writer.WriteCount(dictionary.Count));
                return;
            case StateOperation.DictionaryClear:
                dictionary.Clear();
                replies.Done();
                return;
            case StateOperation.DictionarySnapshot:
                IReadOnlyList<KeyValuePair<object, object?>> all = dictionary.Snapshot();
                replies.Done((writer, codec) =>
                {
                    writer.WriteCount(all.Count);
                    foreach ((object name, object? value) in all)
                    {
                        codec.Write(writer, name);
                        codec.Write(writer, value);
                    }
                });
                return;
            default:
                ServeEntry(operation, dictionary, replies.Codec.Read(reader) ?? throw Unknown(), reader, replies);
                return;
        }
    }

    private static void ServeEntry(
        StateOperation operation, DictionaryState dictionary, object key, WireReader reader, StateReplies replies)
    {
        IStateCodec codec = replies.Codec;
        bool isThere;
        object? value;
        switch (operation)
        {
            case StateOperation.DictionaryGet:
                isThere = dictionary.TryGet(key, out value, out long version);
                replies.Done((writer, _) =>
                {
                    writer.WriteBoolean(isThere);
                    writer.WriteSigned(version);
                    codec.Write(writer, value);
                });
                break;
            case StateOperation.DictionarySet:
                dictionary.Set(key, codec.Read(reader));
                replies.Done();
                break;
            case StateOperation.DictionaryGetOrAdd:
                value = dictionary.GetOrAdd(key, codec.Read(reader));
                replies.Done((writer, _) => codec.Write(writer, value));
                break;
            case StateOperation.DictionaryAddOrUpdate:
                object? initial = codec.Read(reader);
                value = dictionary.AddOrUpdate(key, initial, codec.Read(reader)!);
                replies.Done((writer, _) => codec.Write(writer, value));
                break;
            case StateOperation.DictionaryReplace:
                long expectedVersion = reader.ReadSigned();
                isThere = dictionary.TryReplace(key, codec.Read(reader), expectedVersion);
                replies.Done((writer, _) => writer.WriteBoolean(isThere));
                break;
            case StateOperation.DictionaryUpdate:
                value = codec.Read(reader);
                isThere = dictionary.TryUpdate(key, value, codec.Read(reader));
                replies.Done((writer, _) => writer.WriteBoolean(isThere));
                break;
            case StateOperation.DictionaryRemove:
                isThere = dictionary.TryRemove(key, out value);
                replies.Done((writer, _) =>
                {
                    writer.WriteBoolean(isThere);
                    codec.Write(writer, value);
                });
                break;
            default:
                throw Unknown();
        }
    }

    private static MalformedFrameException Unknown() => new(Messages.SharedActionUnknown);
}
