using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Core.Stopping;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Hands a worker the items that came.</summary>
internal sealed class ServerSource(
    WorkerInbox inbox, RecordSender records, UserCodeInterrupter interrupter, IHostedBatch batch, ServerStops stops, Action<long, ItemEnd> complete) : IItemSource
{
    private readonly Func<WireReader, object?> _read = batch.ReadItem;
    private readonly Action<long> _starting = records.Start;
    private readonly Action _idle = records.Send;

    /// <summary>Whether no item will come any more.</summary>
    public bool IsOver { get; private set; }

    public bool TryTake(out BatchItem item)
    {
        while (!stops.HasBegun)
        {
            if (!inbox.TryStart(_read, _starting, _idle, out item, out Exception? failure))
            {
                IsOver = true;
                return false;
            }

            if (failure is null)
            {
                interrupter.EnterUserCode();
                return true;
            }

            records.Write(RecordKind.Error, batch.ItemNotRead(failure));
            complete(item.Index, failure is FileTransferException { IsPlaceFull: true } ? new ItemEnd(ItemStatus.Crashed) { IsLost = true } : ItemStatus.Failed);
        }

        item = default;
        return false;
    }
}
