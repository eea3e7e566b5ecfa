namespace Switchyard.Core.Transports;

/// <summary>
/// Where a worker connects to its caller: a folder that only this user can enter, with a socket and the crash marker's file. It is removed
/// as soon as the worker has connected. Where there is no such folder, Linux can do without: then there is no crash marker. Windows needs none.
/// </summary>
internal sealed class ConnectionSetup : IDisposable
{
    private readonly string? _folder;
    private readonly LocalListener _listener;
    private CrashMarker? _crashMarker;

    private ConnectionSetup(string? folder)
    {
        _folder = folder;
        _listener = LocalListener.Open(folder);
        string? place = CrashMarker.PlaceIn(folder);
        try
        {
            _crashMarker = place is null ? null : CrashMarker.Create(place);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        Bootstrap = new WorkerBootstrap(LocalEndpoint.Create(_listener.Name), place);
    }

    public WorkerBootstrap Bootstrap { get; }

    /// <exception cref="TransportStartException">The folder, its socket or its file cannot be made.</exception>
    public static ConnectionSetup Open()
    {
        try
        {
            return PrivateFolder.Use(folder => new ConnectionSetup(folder));
        }
        catch (IOException exception)
        {
            throw new TransportStartException(exception.Message, exception);
        }
    }

    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(CancellationToken cancellation) => _listener.Accept(Bootstrap.Endpoint, cancellation);

    /// <summary>Takes the crash marker, which is used for longer than this.</summary>
    public CrashMarker? TakeCrashMarker()
    {
        CrashMarker? crashMarker = _crashMarker;
        _crashMarker = null;
        return crashMarker;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _crashMarker?.Dispose();
        PrivateFolder.Remove(_folder);
    }
}
