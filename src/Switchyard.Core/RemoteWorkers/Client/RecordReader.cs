using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Reads what a worker's items have written and how they ended.</summary>
internal sealed class RecordReader(ItemProgress progress, InFlightItems items, IRemoteCodec codec, IRemoteCalls calls, FileService? files)
{
    /// <summary>The item that the worker said it starts; 0 if it has said so of none.</summary>
    public long ReportedStart { get; set; }

    public int Read(RemoteConnection connection, ItemRecall? recall)
    {
        WireReader reader = connection.Reader;
        int ended = 0;
        while (reader.Remaining > 0 && !progress.MustReturn)
        {
            byte mark = reader.ReadByte();
            if (mark == RecordMark.End)
            {
                ReadEnd(connection, recall);
                ended++;
            }
            else if (mark == RecordMark.Start)
            {
                ReportedStart = (long)reader.ReadVariable();
            }
            else if (mark < (byte)RecordKind.End)
            {
                ReadRecord(connection, (RecordKind)mark);
            }
            else
            {
                throw new MalformedFrameException(Messages.WorkerRecordOfNoKind);
            }
        }

        return ended;
    }

    private void ReadRecord(RemoteConnection connection, RecordKind kind)
    {
        WireReader reader = connection.Reader;
        int end = reader.BeginPart();
        BatchItem item = items.Count > 0 ? items.First.Item : new BatchItem(ItemRecord.NoItem, null);
        try
        {
            if (!codec.ReadRecord(reader, kind, item, progress.Sink))
            {
                connection.RequestStop(items.First.Id, isFinal: false);
            }
        }
        catch (Exception exception) when (!FrameStream.IsConnectionLost(exception) && exception is not (OutOfMemoryException or WorkerStartException))
        {
            progress.Sink.Write(RecordKind.Error, calls.RecordNotRead(item.Input, exception));
        }

        reader.EndPart(end);
    }

    private void ReadEnd(RemoteConnection connection, ItemRecall? recall)
    {
        long id = (long)connection.Reader.ReadVariable();
        ItemEnd end = EndCodec.Read(connection.Reader);
        if (items.Count == 0 || items.First.Id != id || !items.First.IsSent)
        {
            throw new MalformedFrameException(Messages.WorkerEndedForeignItem);
        }

        connection.EndedCount++;
        progress.IsPaused = end.Status is not ItemStatus.Succeeded;
        try
        {
            end = connection.HostName is { } host ? end with { HostName = host } : end;
            end = Settle(end, progress.Sink.Counts(end));
        }
        finally
        {
            progress.EndFirst(end);
        }

        if (end.IsLost)
        {
            throw new MachineFullException();
        }

        progress.BeginFirst(connection, recall);
    }

    private ItemEnd Settle(in ItemEnd end, bool counts)
    {
        ItemEnd known = end;
        try
        {
            files?.EndItem(items.First.Input, counts);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            progress.Sink.Write(RecordKind.Error, calls.RecordNotRead(items.First.Input, exception));
            known = end with { Status = ItemStatus.Failed };
        }

        if (counts)
        {
            return codec.End(items.First.Item, known, progress.Sink);
        }

        codec.Drop(null);
        return known;
    }
}
