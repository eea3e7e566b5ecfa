using Switchyard.FarEnds;
using Switchyard.Processes;

namespace Switchyard.RemoteWorkers;

/// <summary>Gets a worker that has begun the batch: one that was kept, or a new one; and another where one dies on the way.</summary>
/// <param name="factory">What the workers of the run share.</param>
/// <param name="stop">Ends the wait.</param>
internal sealed class ConnectionOpener(RemoteWorkerFactory factory, CancellationToken stop)
{
    /// <summary>Gets one.</summary>
    /// <param name="begin">Begins the batch, or throws.</param>
    /// <param name="forget">Called for one that died while it did.</param>
    /// <exception cref="Items.WorkerStartException">There is none to be had.</exception>
    public void Open(Action<RemoteConnection> begin, Action forget)
    {
        StartPatience patience = new();
        while (true)
        {
            RemoteConnection? connection = factory.Options.Reuses ? factory.Pool.Rent(factory.Launcher.Key) : null;
            bool isKept = connection is not null;
            try
            {
                connection ??= RemoteConnection.Open(factory.Launcher, factory.Options.Build, factory.Calls.Talk, stop);
                begin(connection);
                return;
            }
            catch (FarEndStartException exception) when (!patience.Allows(exception.Exit))
            {
                throw factory.Calls.CannotStart(exception);
            }
            catch (FarEndStartException)
            {
                // Somebody may have killed it, so it is worth another try.
            }
            catch (Exception exception) when (RemoteConnection.IsLoss(exception))
            {
                forget();
                ExitReason reason = connection!.AwaitEnd();
                IReadOnlyList<string> lastErrors = connection.LastErrors();
                connection.Dispose();
                stop.ThrowIfCancellationRequested();

                // One that was kept may have died at any time since.
                if (!isKept && !patience.Allows(reason))
                {
                    throw factory.Calls.CannotStart(new FarEndStartException(Messages.WorkerEndedBeforeBatch, exception)
                    {
                        Exit = reason, LastErrors = lastErrors,
                    });
                }
            }
        }
    }
}
