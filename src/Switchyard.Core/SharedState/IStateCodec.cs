using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>Takes values to another process and back. For one thread at a time.</summary>
public interface IStateCodec
{
    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    void Write(WireWriter writer, object? value);

    /// <summary>Reads a value.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The value.</returns>
    object? Read(WireReader reader);
}
