using Switchyard.Core.Control;

namespace Switchyard.Commands;

/// <summary>Lets a batch go on that was suspended.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Batch", SupportsShouldProcess = true)]
[OutputType(typeof(BatchInfo))]
public sealed class ResumeBatchCommand : BatchControlCommandBase
{
    private protected override IEnumerable<BatchStep> Steps => [new BatchStep(ControlAction.Resume, Messages.BatchActionResume)];
}
