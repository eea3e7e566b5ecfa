using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>
/// The caller's side of the files of one worker: it gives those of items that the worker was sent and has not ended, and takes what these make. The worker names
/// them by numbers; no path that it says is ever used.
/// </summary>
internal sealed class FileService(TransferOptions options)
{
    /// <summary>What far workers call it.</summary>
    public const string Name = "files";

    /// <summary>Bytes of a request: what is asked, the item's number, the file's.</summary>
    public const int RequestLength = sizeof(byte) + sizeof(long) + sizeof(int);

    private readonly ConcurrentDictionary<long, ItemFiles> _items = [];

    // What has come back and is beside its place, by item. Guarded by itself.
    private readonly List<(long Item, string Temporary, string Place)> _arrived = [];

    public TransferOptions Options => options;

    /// <summary>Another worker begins the batch.</summary>
    public void Begin()
    {
        Clear();
        _items[0] = options.Base;
    }

    /// <summary>Forgets all items, and what has come back of them.</summary>
    public void Clear()
    {
        lock (_arrived)
        {
            _items.Clear();
            _arrived.ForEach(file => File.Delete(file.Temporary));
            _arrived.Clear();
        }
    }

    /// <summary>Writes an item's list, before the item.</summary>
    public void WriteItem(WireWriter writer, object? item)
    {
        ItemFiles files = (item as IItemWithFiles)?.Files ?? ItemFiles.None;
        files.Write(writer);
        if (files.Number != 0)
        {
            _items[files.Number] = files;
        }
    }

    /// <summary>An item has ended: nothing of it is given any more, and what has come back is put in its place if that counts.</summary>
    /// <exception cref="IOException">It cannot be put there.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be put there.</exception>
    public void EndItem(object? item, bool counts)
    {
        if ((item as IItemWithFiles)?.Files is not { } files)
        {
            return;
        }

        (long Item, string Temporary, string Place)[] arrived;
        lock (_arrived)
        {
            _items.TryRemove(files.Number, out _);
            arrived = [.. _arrived.Where(file => file.Item == files.Number)];
            _arrived.RemoveAll(file => file.Item == files.Number);
        }

        foreach ((_, string temporary, string place) in arrived)
        {
            if (counts)
            {
                FileContent.Put(temporary, place);
            }
            else
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Serves a stream until it ends.</summary>
    public void Serve(Stream stream, string argument)
    {
        byte[] request = new byte[RequestLength];
        while (stream.ReadAtLeast(request, RequestLength, throwOnEndOfStream: false) == RequestLength)
        {
            ItemFiles files = _items.GetValueOrDefault(BinaryPrimitives.ReadInt64LittleEndian(request.AsSpan(1))) ?? throw new IOException(Messages.FileNotOffered);
            int number = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(1 + sizeof(long)));
            switch ((FileRequest)request[0])
            {
                case FileRequest.Get when number >= 0 && number < files.Sent.Count:
                    Answer(stream, files.Sent[number], file => FileContent.Send(stream, file));
                    break;
                case FileRequest.Hash when number >= 0 && number < files.Sent.Count:
                    Answer(stream, files.Sent[number], file => FileContent.Send(stream, SHA256.HashData(file)));
                    break;
                case FileRequest.Put when number >= 0 && number < files.Received.Count:
                    Receive(stream, files, files.Received[number].Destination);
                    stream.WriteByte(0);
                    break;
                default:
                    throw new IOException(Messages.FileNotOffered);
            }
        }
    }

    private void Receive(Stream stream, ItemFiles files, string place)
    {
        if (!options.IsTwofold)
        {
            FileContent.Receive(stream, place);
            return;
        }

        string temporary = FileContent.ReceiveBeside(stream, place);
        lock (_arrived)
        {
            if (_items.GetValueOrDefault(files.Number) == files)
            {
                _arrived.Add((files.Number, temporary, place));
                return;
            }
        }

        // Its worker was given up meanwhile.
        File.Delete(temporary);
        throw new IOException(Messages.FileNotOffered);
    }

    // What goes wrong with a file is told, and the stream goes on with the next.
    private static void Answer(Stream stream, SentFile sent, Action<FileStream> answer)
    {
        try
        {
            using FileStream file = FileContent.Open(sent.Source);
            answer(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FileTransferException)
        {
            FileContent.SendFailure(stream, exception.Message);
        }
    }
}
