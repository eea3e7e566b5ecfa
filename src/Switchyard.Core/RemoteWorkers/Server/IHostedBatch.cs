using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>A batch in a worker process. It is disposed of when it is over.</summary>
internal interface IHostedBatch : IDisposable
{
    IBatchWorker Worker { get; }

    object? ReadItem(WireReader reader);

    /// <summary>Writes a record. What it throws is its item's failure alone.</summary>
    void WriteRecord(WireWriter writer, RecordKind kind, object? value);

    /// <summary>Makes the error for an item that cannot be read.</summary>
    object ItemNotRead(Exception cause);

    /// <summary>Makes the error for something that an item wrote and that cannot be sent.</summary>
    object RecordNotSent(object? value, Exception cause);
}
