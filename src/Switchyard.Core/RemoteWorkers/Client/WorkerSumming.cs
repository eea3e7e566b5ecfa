using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// Has a worker process write what it has summed up over its items, before it is let go. To those who stop it that is an item: it has an id and a time to end in.
/// </summary>
/// <param name="readRecords">Hands on a frame of records.</param>
internal sealed class WorkerSumming(
    InFlightItems items, ItemProgress progress, RunningItem running, Action<RemoteConnection> readRecords, CancellationToken stop)
{
    /// <summary>Waits until it has, where it has anything. No item is in flight, though the next may have begun.</summary>
    public void Run(RemoteConnection connection, ItemRecall? recall)
    {
        if (progress.Sink.Unsummed == 0 || stop.IsCancellationRequested)
        {
            return;
        }

        long id = items.TakeId();
        WireWriter writer = new();
        writer.WriteVariable((ulong)id);

        // The next item may have begun here, and not been sent there.
        long begun = running.Current;
        running.Begin(id);
        progress.Sink.BeginSums();
        try
        {
            connection.Frames.Write(FrameKind.Finish, writer);
            progress.Sink.EndSums(Await(connection, recall) ? SumsEnd.Written : SumsEnd.Failed);
        }
        finally
        {
            running.End();
            if (begun != 0)
            {
                running.Begin(begun);
            }
        }
    }

    private bool Await(RemoteConnection connection, ItemRecall? recall)
    {
        while (true)
        {
            switch (connection.Read())
            {
                case FrameKind.Finished:
                    return connection.Reader.ReadBoolean();
                case FrameKind.Records:
                    readRecords(connection);
                    break;
                case FrameKind.Returned:
                    // An answer to what was asked while the last item ran.
                    recall?.NoteAnswer();
                    progress.TakeBack(connection.Reader);
                    break;
                case FrameKind.Heartbeat or FrameKind.Retiring:
                    break;
                default:
                    throw new MalformedFrameException(Messages.WorkerAnswerUnasked);
            }
        }
    }
}
