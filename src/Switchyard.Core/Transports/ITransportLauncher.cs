namespace Switchyard.Core.Transports;

/// <summary>Starts workers of one kind: on this machine, on another, in a container.</summary>
internal interface ITransportLauncher
{
    /// <summary>What distinguishes its workers from others': those of equal keys can stand in for each other.</summary>
    string Key { get; }

    /// <summary>Starts a worker, and waits until it has connected.</summary>
    /// <exception cref="TransportStartException">It cannot be started, or has ended at once.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    IWorkerTransport Start(CancellationToken cancellation);
}
