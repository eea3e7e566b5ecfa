using Switchyard.Core.Control;

namespace Switchyard.Commands;

/// <summary>Changes how many items of a batch run at a time, while it runs.</summary>
[Cmdlet(VerbsCommon.Set, "Batch", SupportsShouldProcess = true)]
[OutputType(typeof(BatchInfo))]
public sealed class SetBatchCommand : BatchControlCommandBase
{
    /// <summary>The most items that run at a time from now on. A batch that adjusted that itself no longer does.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    private protected override IEnumerable<BatchStep> Steps =>
        [new BatchStep(ControlAction.SetThrottle, MessageText.Format(Messages.BatchActionThrottle, ThrottleLimit), ThrottleLimit)];
}
