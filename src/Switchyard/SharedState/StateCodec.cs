using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Calls;

namespace Switchyard.SharedState;

/// <summary>Takes values of shared objects to other processes, as all values go there.</summary>
internal sealed class StateCodec : IStateCodec
{
    private readonly ValueWriter _writer = new() { ReaderHasSession = false };
    private readonly ValueReader _reader = new(new ProviderObjects([], []), SharedObject.Read);

    public void Write(WireWriter writer, object? value) => _writer.Write(writer, value);

    public object? Read(WireReader reader) => _reader.Read(reader);
}
