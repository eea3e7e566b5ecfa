using Switchyard.Core.Items;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>A batch in a worker process. It is disposed of when it is over.</summary>
public interface IHostedBatch : IDisposable
{
    /// <summary>Runs its items.</summary>
    IBatchWorker Worker { get; }

    /// <summary>Reads an item.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The item.</returns>
    object? ReadItem(WireReader reader);

    /// <summary>Writes a record. What it throws is its item's failure alone.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="value">The record.</param>
    void WriteRecord(WireWriter writer, RecordKind kind, object? value);

    /// <summary>Makes the error for an item that cannot be read.</summary>
    /// <param name="cause">Why.</param>
    /// <returns>The error.</returns>
    object ItemNotRead(Exception cause);

    /// <summary>Makes the error for something that an item wrote and that cannot be sent.</summary>
    /// <param name="value">What it wrote.</param>
    /// <param name="cause">Why.</param>
    /// <returns>The error.</returns>
    object RecordNotSent(object? value, Exception cause);
}
