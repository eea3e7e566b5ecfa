using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>A batch whose items take files along: it gets what an item needs before that starts, and brings back what it has made.</summary>
/// <param name="sink">Knows when a stop may interrupt the thread: a file may be large, and its way slow.</param>
internal sealed class FileBatch(IHostedBatch batch, WorkFolder folder, IItemSink sink) : IHostedBatch
{
    private ItemFiles _current = ItemFiles.None;

    public IBatchWorker Worker => batch.Worker;

    public object? ReadItem(WireReader reader)
    {
        ItemFiles files = ItemFiles.Read(reader);
        _current = files;
        Transfer(folder.Get, files);
        object? item = batch.ReadItem(reader);
        (ItemPlace Place, string? Path)[] places = [.. (files.Members.Count > 0 ? files.Members : [files]).Select(PlaceOf)];
        return Array.Exists(places, place => place.Path is not null) ? batch.Relocate(item, places) : item;
    }

    public object? EndItem(ItemStatus status)
    {
        try
        {
            if (status is ItemStatus.Succeeded)
            {
                Transfer(folder.Put, _current);
            }

            return batch.EndItem(status);
        }
        catch (FileTransferException exception)
        {
            return batch.ItemNotRead(exception);
        }
        finally
        {
            folder.Clean(_current);
            _current = ItemFiles.None;
        }
    }

    public void WriteRecord(WireWriter writer, RecordKind kind, object? value) => batch.WriteRecord(writer, kind, value);

    public object ItemNotRead(Exception cause) => batch.ItemNotRead(cause);

    public object RecordNotSent(object? value, Exception cause) => batch.RecordNotSent(value, cause);

    public void Dispose() => batch.Dispose();

    private (ItemPlace Place, string? Path) PlaceOf(ItemFiles files) =>
        (files.Place, files is { Place: ItemPlace.File, FarPath: { } path } ? folder.PathOf(path) : files.FarPath);

    private void Transfer(Action<ItemFiles> transfer, ItemFiles files)
    {
        sink.EnterUserCode();
        try
        {
            transfer(files);
        }
        finally
        {
            sink.LeaveUserCode();
        }
    }
}
