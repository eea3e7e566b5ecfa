namespace Switchyard.Core.Transports.Commands;

/// <summary>Starts workers behind a command that carries its standard input and output to wherever they are: <c>ssh</c>, <c>kubectl exec -i</c>.</summary>
internal sealed class CommandLauncher(ChildTransportOptions options, LocalWorkers workers) : ITransportLauncher
{
    private readonly ChildTransportOptions _options = options;
    private readonly LocalWorkers _workers = workers;

    public string Key { get; } = string.Join('\0', [options.FileName, .. options.Arguments, options.Distinction]);

    public IWorkerTransport Start(CancellationToken cancellation)
    {
        ChildTransport worker;
        try
        {
            worker = new ChildTransport(_options, _workers, bootstrap: null);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            throw new TransportStartException(Messages.ThreadNotStarted, exception);
        }

        try
        {
            worker.AwaitStream(cancellation);
            return worker;
        }
        catch
        {
            worker.Kill();
            worker.Dispose();
            throw;
        }
    }
}
