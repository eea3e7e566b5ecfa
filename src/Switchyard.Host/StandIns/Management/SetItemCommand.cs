using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Set-Item.</summary>
[Cmdlet(VerbsCommon.Set, "Item", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
public sealed class SetItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path => InvokeProvider.Item.Set(path, Value, CreateContext()));
}
