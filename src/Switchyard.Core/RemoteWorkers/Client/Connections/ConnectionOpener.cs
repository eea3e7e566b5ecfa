using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>Gets a worker that has begun the batch: one from the pool, or a new one; and another where one dies on the way.</summary>
internal sealed class ConnectionOpener(RemoteWorkerFactory factory, IRemoteCodec codec, FileService? files, CancellationToken stop)
{
    /// <exception cref="WorkerStartException">There is none to be had.</exception>
    public void Open(WorkerHost host, Action<RemoteConnection> use, Action<RemoteConnection> readRecords, Action drop)
    {
        // Elsewhere a place that does not work is left alone for a while instead.
        StartRetries? retries = host.Name is null ? new StartRetries() : null;
        while (true)
        {
            RemoteConnection? connection = factory.Options.Reuses ? factory.Pool.Rent(host.Launcher.Key) : null;
            bool isPooled = connection is not null;
            try
            {
                connection ??= RemoteConnection.Open(host.Launcher, factory.Options.Build, factory.Calls.WriteOutputLine, stop);
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
            catch (TransportStartException exception) when (retries?.Allows(exception.Exit) != true)
            {
                throw CannotStart(exception, host);
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
                if (!isPooled && retries?.Allows(reason) != true)
                {
                    throw CannotStart(
                        new TransportStartException(Messages.WorkerEndedBeforeBatch, exception) { Exit = reason, LastErrors = lastErrors }, host);
                }
            }
        }
    }

    private WorkerStartException CannotStart(TransportStartException cause, WorkerHost host) =>
        host.Name is { } name ? factory.Calls.CannotStart(cause, name) : factory.Calls.CannotStart(cause);

    private void Begin(RemoteConnection connection, Action<RemoteConnection> readRecords, Action drop)
    {
        connection.OutputHandler = factory.Calls.WriteOutputLine;
        IReadOnlyDictionary<string, TunnelService> services = codec.Begin(connection.Tunnel is not null);
        if (files is not null)
        {
            files.Begin();
            services = new Dictionary<string, TunnelService>(services) { [FileService.Name] = files.Serve };
        }

        connection.Tunnel?.Offer(services);
        WriteBatch(connection);
        while (true)
        {
            switch (connection.Read())
            {
                case FrameKind.BatchBegun when connection.Reader.ReadBoolean():
                    return;
                case FrameKind.BatchBegun:
                    WorkerStartException failure = factory.Calls.ReadFailure(connection.Reader, connection.Description);

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
        TimeSpan silence = connection.NoticesLoss ? TimeSpan.Zero : factory.Options.SilenceTimeout * 2;
        connection.ReportsStarts = connection.CrashMarker is null && (connection.HostName is null || factory.HasLostWorkers);
        new BatchHeader(
            factory.Options.NeedsTimes,
            connection.ReportsStarts,
            LimitsRecords: connection.Tunnel is not null,
            factory.Options.MaxMemory ?? 0,
            silence,
            silence > TimeSpan.Zero ? silence + factory.Options.IdleTime : silence).Write(writer);
        writer.WriteBoolean(files is not null);
        files?.Options.Write(writer);
        factory.Calls.WriteBatch(writer);
        connection.Frames.Write(FrameKind.BeginBatch, writer);
    }
}
