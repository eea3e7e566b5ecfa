using Switchyard.Core.Transports;
using Switchyard.Core.Items;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Gets a worker that has begun the batch: one that was kept, or a new one; and another where one dies on the way.</summary>
/// <param name="factory">What the workers of the run share.</param>
/// <param name="stop">Ends the wait.</param>
internal sealed class ConnectionOpener(RemoteWorkerFactory factory, CancellationToken stop)
{
    /// <summary>Gets one.</summary>
    /// <param name="use">Called with one that is about to begin: from now on it can be stopped.</param>
    /// <param name="records">Reads what it writes while it begins.</param>
    /// <param name="forget">Called if it has not begun after all.</param>
    /// <exception cref="WorkerStartException">There is none to be had.</exception>
    public void Open(Action<RemoteConnection> use, Action<WireReader> records, Action forget)
    {
        StartRetries retries = new();
        while (true)
        {
            RemoteConnection? connection = factory.Options.Reuses ? factory.Pool.Rent(factory.Launcher.Key) : null;
            bool isKept = connection is not null;
            try
            {
                connection ??= RemoteConnection.Open(factory.Launcher, factory.Options.Build, factory.Calls.Talk, stop);
                use(connection);
                if (stop.IsCancellationRequested)
                {
                    forget();
                    connection.SayBye();
                    stop.ThrowIfCancellationRequested();
                }

                Begin(connection, records, forget);
                return;
            }
            catch (TransportStartException exception) when (!retries.Allows(exception.Exit))
            {
                throw factory.Calls.CannotStart(exception);
            }
            catch (TransportStartException)
            {
                // Somebody may have killed it, so it is worth another try.
            }
            catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
            {
                forget();
                ExitReason reason = connection!.AwaitEnd();
                IReadOnlyList<string> lastErrors = connection.LastErrors();
                connection.Dispose();
                stop.ThrowIfCancellationRequested();

                // One that was kept may have died at any time since.
                if (!isKept && !retries.Allows(reason))
                {
                    throw factory.Calls.CannotStart(new TransportStartException(Messages.WorkerEndedBeforeBatch, exception)
                    {
                        Exit = reason, LastErrors = lastErrors,
                    });
                }
            }
        }
    }

    private void Begin(RemoteConnection connection, Action<WireReader> records, Action forget)
    {
        connection.Talk = factory.Calls.Talk;
        WriteBatch(connection);
        while (true)
        {
            switch (connection.Read())
            {
                case FrameKind.BatchBegun when connection.Reader.ReadBoolean():
                    return;
                case FrameKind.BatchBegun:
                    WorkerStartException failure = factory.Calls.ReadFailure(connection.Reader);

                    // Nothing of the batch is to be run there, but something of it may be left.
                    forget();
                    connection.SayBye();
                    throw failure;
                case FrameKind.Records:
                    records(connection.Reader);
                    break;
                case FrameKind.Heartbeat:
                    break;
                default:
                    throw new MalformedFrameException(Messages.WorkerAnswerUnasked);
            }
        }
    }

    private void WriteBatch(RemoteConnection connection)
    {
        WireWriter writer = new();
        new BatchHeader(
            factory.Options.NeedsTimes,
            ReportsStarts: connection.CrashMarker is null,
            factory.Options.MaxMemory ?? 0,
            connection.CrashMarker is null ? factory.Options.SilenceTimeout * 2 : TimeSpan.Zero).Write(writer);
        factory.Calls.WriteBatch(writer);
        connection.Frames.Write(FrameKind.BeginBatch, writer);
    }
}
