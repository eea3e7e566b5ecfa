namespace Switchyard.Core.Transports;

/// <summary>Starts worker processes on this machine, and ends them should this process be killed.</summary>
internal sealed class LocalTransportLauncher(ChildTransportOptions options, LocalWorkers workers) : ITransportLauncher
{
    private readonly ChildTransportOptions _options = options;
    private readonly LocalWorkers _workers = workers;

    public string Key { get; } = string.Join('\0', [options.FileName, .. options.Arguments, options.Distinction]);

    public IWorkerTransport Start(CancellationToken cancellation)
    {
        using ConnectionSetup place = ConnectionSetup.Open();
        ChildTransport worker = Begin(place.Bootstrap);
        try
        {
            worker.AwaitConnection(stop => (place.Accept(stop), null), cancellation);
            worker.Share(place.TakeCrashMarker());
            return worker;
        }
        catch
        {
            worker.Kill();
            worker.Dispose();
            throw;
        }
    }

    private ChildTransport Begin(WorkerBootstrap bootstrap)
    {
        try
        {
            return new ChildTransport(_options, _workers, bootstrap.ToBytes());
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            throw new TransportStartException(Messages.ThreadNotStarted, exception);
        }
    }
}
