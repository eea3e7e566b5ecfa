namespace Switchyard.FarEnds;

/// <summary>
/// Where a worker finds its caller: a folder that only this user can enter, with a socket and the beacon's file. It is gone as soon
/// as the two have met.
/// </summary>
internal sealed class WorkerRendezvous : IDisposable
{
    private readonly string _folder;
    private readonly LocalListener _listener;
    private LeaseBeacon? _beacon;

    private WorkerRendezvous(string folder, LocalListener listener, LeaseBeacon beacon, WorkerBootstrap bootstrap)
    {
        _folder = folder;
        _listener = listener;
        _beacon = beacon;
        Bootstrap = bootstrap;
    }

    /// <summary>What the worker has to know.</summary>
    public WorkerBootstrap Bootstrap { get; }

    /// <summary>Makes one.</summary>
    /// <returns>The rendezvous.</returns>
    /// <exception cref="FarEndStartException">There is no place for it.</exception>
    public static WorkerRendezvous Open()
    {
        string? folder = null;
        LocalListener? listener = null;
        try
        {
            folder = PrivateFolder.Create();
            listener = LocalListener.Open(folder);
            string beacon = Path.Combine(folder, "beacon");
            return new WorkerRendezvous(
                folder, listener, LeaseBeacon.Create(beacon), WorkerBootstrap.Create(listener.Endpoint, beacon));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            listener?.Dispose();
            PrivateFolder.Remove(folder);
            throw new FarEndStartException(exception.Message, exception);
        }
    }

    /// <summary>Waits for the worker.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(CancellationToken cancellation) => _listener.Accept(Bootstrap, cancellation);

    /// <summary>Takes the beacon, which outlives the rendezvous.</summary>
    /// <returns>The beacon.</returns>
    public LeaseBeacon TakeBeacon()
    {
        LeaseBeacon beacon = _beacon!;
        _beacon = null;
        return beacon;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _beacon?.Dispose();
        PrivateFolder.Remove(_folder);
    }
}
