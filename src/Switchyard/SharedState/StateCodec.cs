using System.Runtime.CompilerServices;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Calls;

namespace Switchyard.SharedState;

/// <summary>Takes values of shared objects to other processes, as all values go there.</summary>
internal sealed class StateCodec : IStateCodec
{
    // Other processes ask for a value while the session that it is of does something else. As long as the value is there, and found by it alone.
    private static readonly ConditionalWeakTable<object, byte[]> _taken = [];

    private readonly ValueWriter _writer = new() { ReaderHasSession = false };
    private readonly ValueReader _reader;

    public StateCodec() => _reader = new ValueReader(new ProviderObjects([], []), reader => SharedObject.Read(reader, Origin));

    public SharedOrigin Origin { get; set; }

    /// <summary>Takes down what only the session can say of a value, when it puts the value into a shared object.</summary>
    public static object? Take(object? value)
    {
        if (value is not (null or string or ValueType) && new ItemSnapshots(readerHasSession: false).TryTake(value) is { } taken)
        {
            _taken.AddOrUpdate(value, taken);
        }

        return value;
    }

    public void Write(WireWriter writer, object? value)
    {
        if (value is not null && _taken.TryGetValue(value, out byte[]? taken))
        {
            writer.WriteRaw(taken);
        }
        else
        {
            _writer.Write(writer, value);
        }
    }

    public object? Read(WireReader reader) => _reader.Read(reader);
}
