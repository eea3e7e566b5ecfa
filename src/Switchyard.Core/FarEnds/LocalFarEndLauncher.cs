using Switchyard.Processes;

namespace Switchyard.FarEnds;

/// <summary>Starts worker processes on this machine, and ends them should this process be killed.</summary>
public sealed class LocalFarEndLauncher : IFarEndLauncher
{
    private readonly LocalFarEndOptions _options;
    private readonly LocalWorkers _workers;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="options">How workers are started.</param>
    /// <param name="workers">All worker processes of this process.</param>
    public LocalFarEndLauncher(LocalFarEndOptions options, LocalWorkers workers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(workers);
        _options = options;
        _workers = workers;
        Key = string.Join('\0', [options.FileName, .. options.Arguments, options.Distinction]);
    }

    /// <inheritdoc/>
    public string Key { get; }

    /// <inheritdoc/>
    public IFarEnd Start(CancellationToken cancellation)
    {
        using WorkerRendezvous place = WorkerRendezvous.Open();
        LocalFarEnd worker = new(_options, _workers, place.Bootstrap);
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

    private void Await(LocalFarEnd worker, WorkerRendezvous place, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, worker.Ended);
        patience.CancelAfter(_options.StartPatience);
        try
        {
            worker.Connect(place.Accept(patience.Token), place.TakeBeacon());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw worker.StartFailure ?? (worker.TryAwaitExit(TimeSpan.Zero, out ExitReason reason)
                ? new FarEndStartException(Messages.WorkerEndedBeforeConnecting) { Exit = reason, LastErrors = worker.LastErrors() }
                : new FarEndStartException(MessageText.Format(Messages.WorkerDidNotConnect, _options.StartPatience.TotalSeconds))
                {
                    LastErrors = worker.LastErrors(),
                });
        }
    }
}
