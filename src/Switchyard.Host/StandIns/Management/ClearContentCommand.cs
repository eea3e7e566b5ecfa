using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Clear-Content.</summary>
[Cmdlet(VerbsCommon.Clear, "Content", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
public sealed class ClearContentCommand : ContentPathCommandBase
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path => InvokeProvider.Content.Clear(path, CreateContext()));
}
