using Switchyard.Core.Processes;

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
            Await(worker, place, cancellation);
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
            return new ChildTransport(_options, _workers, bootstrap);
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            throw new TransportStartException(Messages.ThreadNotStarted, exception);
        }
    }

    private void Await(ChildTransport worker, ConnectionSetup place, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation, worker.Ended);
        timeout.CancelAfter(_options.StartTimeout);
        try
        {
            worker.Connect(place.Accept(timeout.Token), place.TakeCrashMarker());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw worker.StartFailure ?? (worker.TryAwaitExit(TimeSpan.Zero, out ExitReason reason)
                ? new TransportStartException(Messages.WorkerEndedBeforeConnecting) { Exit = reason, LastErrors = worker.LastErrors() }
                : new TransportStartException(MessageText.Format(Messages.WorkerDidNotConnect, _options.StartTimeout.TotalSeconds))
                {
                    LastErrors = worker.LastErrors(),
                });
        }
    }
}
