namespace Switchyard.Core.Transports;

/// <summary>
/// Where a worker connects to its caller: a folder that only this user can enter, with a socket and the crash marker's file. It is removed
/// as soon as the worker has connected.
/// </summary>
internal sealed class ConnectionSetup : IDisposable
{
    private readonly string _folder;
    private readonly LocalListener _listener;
    private CrashMarker? _crashMarker;

    private ConnectionSetup(string folder, LocalListener listener, CrashMarker crashMarker, string crashMarkerPath)
    {
        _folder = folder;
        _listener = listener;
        _crashMarker = crashMarker;
        Bootstrap = new WorkerBootstrap(LocalEndpoint.Create(listener.Name), crashMarkerPath);
    }

    public WorkerBootstrap Bootstrap { get; }

    /// <exception cref="TransportStartException">The folder, its socket or its file cannot be made.</exception>
    public static ConnectionSetup Open()
    {
        string? folder = null;
        LocalListener? listener = null;
        try
        {
            folder = PrivateFolder.Create();
            listener = LocalListener.Open(folder);
            string path = Path.Combine(folder, "running");
            return new ConnectionSetup(folder, listener, CrashMarker.Create(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            listener?.Dispose();
            PrivateFolder.Remove(folder);
            throw new TransportStartException(exception.Message, exception);
        }
    }

    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(CancellationToken cancellation) => _listener.Accept(Bootstrap.Endpoint, cancellation);

    /// <summary>Takes the crash marker, which is used for longer than this.</summary>
    public CrashMarker TakeCrashMarker()
    {
        CrashMarker crashMarker = _crashMarker!;
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
