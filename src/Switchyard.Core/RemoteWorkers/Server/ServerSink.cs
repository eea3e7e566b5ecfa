using Switchyard.Core.Stopping;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Takes what a worker's items write, and how they end.</summary>
internal sealed class ServerSink(
    WorkerInbox inbox, RecordSender records, UserCodeInterrupter interrupter, Action<long, ItemEnd> complete) : IItemSink
{
    /// <summary>How many items have ended.</summary>
    public long Unsummed { get; private set; }

    /// <summary>What became of the sums; null while they are not written.</summary>
    public SumsEnd? Sums { get; private set; }

    public void EndSums(SumsEnd end) => Sums = end;

    public void Write(RecordKind kind, object? value) => records.Write(kind, value);

    public void EnterUserCode() => interrupter.EnterUserCode();

    public void LeaveUserCode() => interrupter.LeaveUserCode();

    public void Complete(in ItemEnd end)
    {
        LeaveUserCode();
        Unsummed++;
        complete(inbox.Current, end);
    }
}
