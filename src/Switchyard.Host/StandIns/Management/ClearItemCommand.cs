using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Clear-Item.</summary>
[Cmdlet(VerbsCommon.Clear, "Item", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
public sealed class ClearItemCommand : PathCommandBase
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path => InvokeProvider.Item.Clear(path, CreateContext()));
}
