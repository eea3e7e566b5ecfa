using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Writes the items and reads the records of one worker. For one thread at a time.</summary>
internal interface IRemoteCodec
{
    /// <summary>Writes an item. What it throws is that item's failure alone.</summary>
    /// <exception cref="ItemRefusedException">It is not to be sent.</exception>
    void WriteItem(WireWriter writer, object? item);

    /// <summary>Reads a record. What it throws, other than <see cref="MalformedFrameException"/>, is its item's failure alone.</summary>
    /// <param name="item">The item that wrote it; null if none did.</param>
    object? ReadRecord(WireReader reader, RecordKind kind, object? item);
}
