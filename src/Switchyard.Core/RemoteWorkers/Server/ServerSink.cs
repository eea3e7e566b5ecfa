using Switchyard.Core.Stopping;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Takes what a worker's items write, and how they end.</summary>
internal sealed class ServerSink(
    WorkerInbox inbox, RecordSender records, UserCodeInterrupter interrupter, Action<long, ItemEnd> complete) : IItemSink
{
    public void Write(RecordKind kind, object? value) => records.Write(kind, value);

    public void EnterUserCode() => interrupter.EnterUserCode();

    public void LeaveUserCode() => interrupter.LeaveUserCode();

    public void Complete(in ItemEnd end)
    {
        LeaveUserCode();
        complete(inbox.Current, end);
    }
}
