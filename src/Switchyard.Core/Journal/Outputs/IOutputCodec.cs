using Switchyard.Core.Protocol;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Writes what items wrote so that another process can hand it on, and tells of what it cannot. For one thread at a time.</summary>
internal interface IOutputCodec
{
    /// <summary>What of the last record that was written will be read as something less, such as its properties: the name of its type. Null if nothing will.</summary>
    string? ReducedType { get; }

    /// <summary>Writes a record of an item's.</summary>
    /// <remarks>Whatever it throws says that the record cannot be kept.</remarks>
    void Write(WireWriter writer, RecordKind kind, object? value, object? input);

    /// <summary>Reads a record of an item's.</summary>
    /// <remarks>Whatever it throws says that the record cannot be read here.</remarks>
    object? Read(WireReader reader, RecordKind kind, object? input);

    /// <summary>Makes the record, of no item, that tells that what an item wrote is kept as something less.</summary>
    ItemRecord TellReduced(string type, object? input);

    /// <summary>Makes the record, of no item, that tells that what an item wrote cannot be kept.</summary>
    ItemRecord TellNotKept(object? input, Exception reason);

    /// <summary>Makes the error that stands in the place of what cannot be read.</summary>
    object CreateError(object? input, Exception reason);
}
