using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>Takes values to another process and back. For one thread at a time.</summary>
internal interface IStateCodec
{
    /// <summary>Who has written what is read.</summary>
    SharedOrigin Origin { set; }

    void Write(WireWriter writer, object? value);

    object? Read(WireReader reader);
}
