using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>Takes values to another process and back. For one thread at a time.</summary>
internal interface IStateCodec
{
    /// <summary>Writes a value.</summary>
    void Write(WireWriter writer, object? value);

    /// <summary>Reads a value.</summary>
    object? Read(WireReader reader);
}
