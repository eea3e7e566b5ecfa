using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Item.</summary>
[Cmdlet(VerbsCommon.Get, "Item", DefaultParameterSetName = PathSet)]
public sealed class GetItemCommand : PathCommandBase
{
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path => InvokeProvider.Item.Get(path, CreateContext()));

    private protected override object? GetDynamicParameters(ProviderContext context) => DynamicParameterCall.ForItem(this, FirstPath, context);
}
