using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// The caller's side of remote workers: how batches, items and records are written and read, and how what happens to a worker is reported.
/// Called on the workers' threads, so by several at a time.
/// </summary>
internal interface IRemoteCalls
{
    /// <summary>Writes what a worker has to know of the batch.</summary>
    void WriteBatch(WireWriter writer);

    /// <summary>Makes what writes one worker's items and reads its records.</summary>
    /// <param name="number">Number of the worker, from 1.</param>
    IRemoteCodec CreateCodec(int number);

    /// <summary>Reads why a worker could not begin the batch.</summary>
    WorkerStartException ReadFailure(WireReader reader, string worker);

    /// <summary>Makes the error for an item that cannot be sent.</summary>
    object ItemNotSent(object? item, Exception cause);

    /// <summary>Makes the error for something that an item wrote and that cannot be read.</summary>
    object RecordNotRead(object? item, Exception cause);

    /// <summary>Makes the error for an item whose worker died under it.</summary>
    object WorkerDied(object? item, string worker, ExitReason reason, IReadOnlyList<string> lastErrors);

    /// <summary>Makes the exception for a worker that cannot be started, or dies before it has run anything.</summary>
    WorkerStartException CannotStart(TransportStartException cause);

    /// <summary>Makes the warning that a machine is not to be had, or is no more.</summary>
    object HostLost(string host, WorkerStartException cause);

    /// <summary>Makes the exception for a run of which no machine is to be had.</summary>
    /// <param name="failures">The machines, and why each is not.</param>
    WorkerStartException NoHost(IReadOnlyList<(string Host, WorkerStartException Cause)> failures);

    /// <summary>Makes the exception for a worker on another machine that cannot be started, or dies before it has run anything.</summary>
    WorkerStartException CannotStart(TransportStartException cause, string host);

    /// <summary>Takes a line that a worker process wrote to its standard output or standard error.</summary>
    void WriteOutputLine(string line, bool isError);
}
