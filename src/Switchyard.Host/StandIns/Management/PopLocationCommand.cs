using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Pop-Location.</summary>
[Cmdlet(VerbsCommon.Pop, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class PopLocationCommand : ProviderCommandBase
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(() =>
    {
        PathInfo? popped = SessionState.Path.PopLocation(StackName);
        if (PassThru)
        {
            WriteObject(popped);
        }
    });
}
