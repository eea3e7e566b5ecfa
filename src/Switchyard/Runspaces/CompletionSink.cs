namespace Switchyard.Runspaces;

/// <summary>Takes what a worker writes after its last item: records of no item, and an end that is none's.</summary>
internal sealed class CompletionSink(IItemSink sink) : IItemSink
{
    public SumsEnd End { get; private set; } = SumsEnd.Lost;

    public void Write(RecordKind kind, object? value) => sink.Write(kind, value);

    public void EnterUserCode() => sink.EnterUserCode();

    public void LeaveUserCode() => sink.LeaveUserCode();

    public void Complete(in ItemEnd end) => End = end.Status is ItemStatus.Succeeded ? SumsEnd.Written : SumsEnd.Failed;
}
