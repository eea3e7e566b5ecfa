using Switchyard.Core.Control;

namespace Switchyard.Commands;

/// <summary>Lets the items of a batch that run end, and starts no new ones until it is resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Batch", SupportsShouldProcess = true)]
[OutputType(typeof(BatchInfo))]
public sealed class SuspendBatchCommand : BatchControlCommandBase
{
    private protected override IEnumerable<BatchStep> Steps => [new BatchStep(ControlAction.Suspend, Messages.BatchActionSuspend)];
}
