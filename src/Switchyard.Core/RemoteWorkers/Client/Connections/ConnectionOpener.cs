using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>Gets a worker that has begun the batch: one from the pool, or a new one; and another where one dies on the way.</summary>
internal sealed class ConnectionOpener(RemoteWorkerFactory factory, CancellationToken stop)
{
    /// <exception cref="WorkerStartException">There is none to be had.</exception>
    public void Open(Action<RemoteConnection> use, Action<RemoteConnection> readRecords, Action drop)
    {
        StartRetries retries = new();
        while (true)
        {
            RemoteConnection? connection = factory.Options.Reuses ? factory.Pool.Rent(factory.Launcher.Key) : null;
            bool isPooled = connection is not null;
            try
            {
                connection ??= RemoteConnection.Open(factory.Launcher, factory.Options.Build, factory.Calls.WriteOutputLine, stop);
                use(connection);
                if (stop.IsCancellationRequested)
                {
                    drop();
                    connection.SendBye();
                    stop.ThrowIfCancellationRequested();
                }

                Begin(connection, readRecords, drop);
                return;
            }
            catch (TransportStartException exception) when (!retries.Allows(exception.Exit))
            {
                throw factory.Calls.CannotStart(exception);
            }
            catch (TransportStartException)
            {
                // It may have been killed from outside: try again.
            }
            catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
            {
                drop();
                ExitReason reason = connection!.AwaitEnd();
                IReadOnlyList<string> lastErrors = connection.LastErrors();
                connection.Dispose();
                stop.ThrowIfCancellationRequested();

                // One from the pool may have died at any time since.
                if (!isPooled && !retries.Allows(reason))
                {
                    throw factory.Calls.CannotStart(new TransportStartException(Messages.WorkerEndedBeforeBatch, exception)
                    {
                        Exit = reason, LastErrors = lastErrors,
                    });
                }
            }
        }
    }

    private void Begin(RemoteConnection connection, Action<RemoteConnection> readRecords, Action drop)
    {
        connection.OutputHandler = factory.Calls.WriteOutputLine;
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
                    drop();
                    connection.SendBye();
                    throw failure;
                case FrameKind.Records:
                    readRecords(connection);
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
            connection.NoticesLoss ? TimeSpan.Zero : factory.Options.SilenceTimeout * 2).Write(writer);
        factory.Calls.WriteBatch(writer);
        connection.Frames.Write(FrameKind.BeginBatch, writer);
    }
}
