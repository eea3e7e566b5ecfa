namespace Switchyard.Core.Transports;

/// <summary>
/// Where a worker finds its caller: a folder that only this user can enter, with a socket and the crashMarker's file. It is gone as soon
/// as the two have met.
/// </summary>
internal sealed class ConnectionSetup : IDisposable
{
    private readonly string _folder;
    private readonly LocalListener _listener;
    private CrashMarker? _crashMarker;

    private ConnectionSetup(string folder, LocalListener listener, CrashMarker crashMarker, WorkerBootstrap bootstrap)
    {
        _folder = folder;
        _listener = listener;
        _crashMarker = crashMarker;
        Bootstrap = bootstrap;
    }

    /// <summary>What the worker has to know.</summary>
    public WorkerBootstrap Bootstrap { get; }

    /// <summary>Makes one.</summary>
    /// <returns>The rendezvous.</returns>
    /// <exception cref="TransportStartException">There is no place for it.</exception>
    public static ConnectionSetup Open()
    {
        string? folder = null;
        LocalListener? listener = null;
        try
        {
            folder = PrivateFolder.Create();
            listener = LocalListener.Open(folder);
            string crashMarker = Path.Combine(folder, "crashMarker");
            return new ConnectionSetup(
                folder, listener, CrashMarker.Create(crashMarker), WorkerBootstrap.Create(listener.Endpoint, crashMarker));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            listener?.Dispose();
            PrivateFolder.Remove(folder);
            throw new TransportStartException(exception.Message, exception);
        }
    }

    /// <summary>Waits for the worker.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(CancellationToken cancellation) => _listener.Accept(Bootstrap, cancellation);

    /// <summary>Takes the crashMarker, which outlives the rendezvous.</summary>
    /// <returns>The crashMarker.</returns>
    public CrashMarker TakeCrashMarker()
    {
        CrashMarker crashMarker = _crashMarker!;
        _crashMarker = null;
        return crashMarker;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _crashMarker?.Dispose();
        PrivateFolder.Remove(_folder);
    }
}
