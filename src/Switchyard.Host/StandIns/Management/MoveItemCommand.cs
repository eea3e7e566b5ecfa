using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Move-Item.</summary>
[Cmdlet(VerbsCommon.Move, "Item", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
public sealed class MoveItemCommand : PathCommandBase
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public string Destination { get; set; } = ".";

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        foreach (PathInfo found in ResolvePaths(path))
        {
            Attempt(() => InvokeProvider.Item.Move(found.Path, Destination, CreateContext(literal: true)));
        }
    });
}
