using Switchyard.Core.Protocol;
using Switchyard.Core.Queues;
using Switchyard.Core.RemoteWorkers.Client.Connections;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Sends a worker items: as many at a time as take it a while, and some more than it is at work on. Used by one thread.</summary>
internal sealed class ItemSender(InFlightItems items, IRemoteCalls calls, IRemoteCodec codec, FileService? files)
{
    private const int MaxChunkBytes = 256 * 1024;
    private const long MaxBytesOut = 8 * 1024 * 1024;
    private const int SmallChunk = 16;

    private static readonly TimeSpan _chunkTime = TimeSpan.FromMilliseconds(50);

    private readonly WireWriter _writer = new();
    private readonly ChunkSizer _sizer = new(_chunkTime);
    private long _sizedAt;

    public void NoteEnded(int count)
    {
        long now = Stopwatch.GetTimestamp();
        if (count > 0)
        {
            _sizer.Note(count, now - _sizedAt);
        }

        _sizedAt = count > 0 || _sizedAt == 0 ? now : _sizedAt;
    }

    /// <summary>Sends what the worker may have now.</summary>
    /// <param name="source">Where there are more; null if there are to be no more than are in flight.</param>
    /// <param name="maxItems">How many items the worker may have in its life; null for any number.</param>
    public void Send(RemoteConnection connection, IItemAhead? source, long? maxItems, bool isIdle)
    {
        while (SendSome(connection, source, maxItems, isIdle))
        {
        }
    }

    private bool SendSome(RemoteConnection connection, IItemAhead? source, long? maxItems, bool isIdle)
    {
        int chunk = _sizer.Size;

        // One more than it works on, so that it need not wait; but none where that is nothing against the time that an item takes.
        int window = chunk == 1 ? 1 : chunk < SmallChunk ? chunk + 1 : chunk * 2;
        if (items.Count > Math.Max(1, window - chunk) && items.Last.IsSent)
        {
            return false;
        }

        bool isFull = false;
        _writer.Clear();
        for (int i = 0; !isFull && connection.ItemsLeft(maxItems) > 0 && items.BytesOut < MaxBytesOut; i++)
        {
            if (i == items.Count)
            {
                if (items.Count >= window || source is not { MayStart: true } || !source.TryReserve(waits: false, out BatchItem reserved))
                {
                    break;
                }

                items.Add(reserved);
            }

            ref InFlightItem item = ref items[i];
            if (!item.IsSent && item.Decided is null && TryWrite(ref item))
            {
                connection.ItemCount++;
                isFull = _writer.TotalLength >= MaxChunkBytes;
            }
        }

        if (!_writer.IsEmpty)
        {
            if (isIdle)
            {
                _sizedAt = Stopwatch.GetTimestamp();
            }

            connection.Frames.Write(FrameKind.Items, _writer);
        }

        return isFull;
    }

    private bool TryWrite(ref InFlightItem item)
    {
        WireMark mark = _writer.Mark();
        long before = _writer.TotalLength;
        try
        {
            _writer.WriteVariable((ulong)item.Id);
            int part = _writer.BeginPart();
            files?.WriteItem(_writer, item.Item.Input);
            codec.WriteItem(_writer, item.Item);
            _writer.EndPart(part);
            items.NoteSent(ref item, _writer.TotalLength - before);
            return true;
        }
        catch (ItemRefusedException refused)
        {
            _writer.Undo(mark);
            item.Decided = new DecidedEnd(new ItemEnd(ItemStatus.Failed) { IsFinal = refused.IsFinal }, refused.Error);
            return false;
        }
        catch (Exception exception)
        {
            // Whatever the item's own code throws while it is looked at: the item has failed, and nothing else.
            _writer.Undo(mark);
            item.Decided = new DecidedEnd(ItemStatus.Failed, calls.ItemNotSent(item.Input, exception));
            return false;
        }
    }
}
