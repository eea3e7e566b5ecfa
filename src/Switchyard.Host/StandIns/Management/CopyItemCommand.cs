using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Copy-Item.</summary>
[Cmdlet(VerbsCommon.Copy, "Item", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
public sealed class CopyItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Container { get; set; } = true;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        CopyContainers containers = Container ? CopyContainers.CopyTargetContainer : CopyContainers.CopyChildrenOfTargetContainer;
        ForEachPath(Path, path => InvokeProvider.Item.Copy(path, Destination, Recurse, containers, CreateContext()));
    }
}
