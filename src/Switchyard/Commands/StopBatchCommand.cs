using Switchyard.Core.Control;

namespace Switchyard.Commands;

/// <summary>Stops a batch as Ctrl+C would in its own session, or only some of its items.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Batch", SupportsShouldProcess = true)]
[OutputType(typeof(BatchInfo))]
public sealed class StopBatchCommand : BatchControlCommandBase
{
    /// <summary>The items that are to be stopped while the batch goes on, by their position in the input from 0; the whole batch if not given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0L, long.MaxValue)]
    public long[]? Index { get; set; }

    private protected override IEnumerable<BatchStep> Steps => Index is null
        ? [new BatchStep(ControlAction.Stop, Messages.BatchActionStop)]
        : Index.Select(index => new BatchStep(ControlAction.StopItem, MessageText.Format(Messages.BatchActionStopItem, index), index));
}
