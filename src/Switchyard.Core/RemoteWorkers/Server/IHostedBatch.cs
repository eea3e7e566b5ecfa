using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>A batch in a worker process. It is disposed of when it is over.</summary>
internal interface IHostedBatch : IDisposable
{
    IBatchWorker Worker { get; }

    object? ReadItem(WireReader reader);

    /// <summary>Makes of an item that is a file of the caller's, or of those of a group, what it is here.</summary>
    /// <param name="places">For each item where it is: a full path, or for a text one relative to the working folder. Null if it is no file.</param>
    object? Relocate(object? item, IReadOnlyList<(ItemPlace Place, string? Path)> places) => item;

    /// <summary>An item has ended, and the caller is about to be told.</summary>
    /// <returns>The error for which it has failed all the same; null if it has not.</returns>
    object? EndItem(ItemStatus status) => null;

    /// <summary>Writes a record. What it throws is its item's failure alone.</summary>
    void WriteRecord(WireWriter writer, RecordKind kind, object? value);

    /// <summary>Makes the error for an item that cannot be read.</summary>
    object ItemNotRead(Exception cause);

    /// <summary>Makes the error for something that an item wrote and that cannot be sent.</summary>
    object RecordNotSent(object? value, Exception cause);
}
