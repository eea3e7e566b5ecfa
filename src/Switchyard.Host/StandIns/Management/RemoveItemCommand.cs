using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Remove-Item.</summary>
[Cmdlet(VerbsCommon.Remove, "Item", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
public sealed class RemoveItemCommand : PathCommandBase
{
    private bool _yesToAll;
    private bool _noToAll;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => false;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        foreach (PathInfo found in ResolvePaths(path))
        {
            Attempt(() => Remove(found));
        }
    });

    private protected override object? GetDynamicParameters(ProviderContext context)
        => DynamicParameterCall.ForRemove(this, FirstPath, Recurse, context);

    private void Remove(PathInfo path)
    {
        bool recurse = Recurse;
        if (!recurse && InvokeProvider.Item.IsContainer(path.Path, CreateContext(literal: true))
            && InvokeProvider.ChildItem.HasChild(path.Path, CreateContext(literal: true)))
        {
            string question = $"The item at {path.ProviderPath} has children and the Recurse parameter was not specified. "
                + "If you continue, all children will be removed with the item. Are you sure you want to continue?";
            if (!ShouldContinue(question, null, ref _yesToAll, ref _noToAll))
            {
                return;
            }

            recurse = true;
        }

        InvokeProvider.Item.Remove(path.Path, recurse, CreateContext(literal: true));
    }
}
