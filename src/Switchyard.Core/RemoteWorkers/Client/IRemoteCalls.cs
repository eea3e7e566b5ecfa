using Switchyard.Core.Transports;
using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// The caller's side of remote workers: how batches, items and records are written and read, and how what happens to a worker is reported.
/// Called on the workers' threads, so by several at a time.
/// </summary>
public interface IRemoteCalls
{
    /// <summary>Writes what a worker has to know of the batch.</summary>
    /// <param name="writer">Where to.</param>
    void WriteBatch(WireWriter writer);

    /// <summary>Makes what writes one worker's items and reads its records.</summary>
    /// <returns>The codec, for one thread at a time.</returns>
    IRemoteCodec CreateCodec();

    /// <summary>Reads why a worker could not begin the batch.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The exception that ends the run.</returns>
    WorkerStartException ReadFailure(WireReader reader);

    /// <summary>Makes the error for an item that cannot be sent.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cause">Why.</param>
    /// <returns>The error.</returns>
    object ItemNotSent(object? item, Exception cause);

    /// <summary>Makes the error for something that an item wrote and that cannot be read.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cause">Why.</param>
    /// <returns>The error.</returns>
    object RecordNotRead(object? item, Exception cause);

    /// <summary>Makes the error for an item whose worker died under it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="worker">The worker's description.</param>
    /// <param name="reason">How it ended.</param>
    /// <param name="lastErrors">The last lines of its standard error.</param>
    /// <returns>The error.</returns>
    object WorkerDied(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors);

    /// <summary>Makes the exception for a worker that cannot be started, or dies before it has run anything.</summary>
    /// <param name="cause">What happened.</param>
    /// <returns>The exception that ends the run.</returns>
    WorkerStartException CannotStart(TransportStartException cause);

    /// <summary>Takes a line that a worker process wrote to its standard output or standard error.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isError">Whether it was its standard error.</param>
    void WriteOutputLine(string line, bool isError);
}
