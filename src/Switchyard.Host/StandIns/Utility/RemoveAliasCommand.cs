using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Remove-Alias, without -Scope.</summary>
[Cmdlet(VerbsCommon.Remove, "Alias", SupportsShouldProcess = true)]
[Alias("ral")]
public sealed class RemoveAliasCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            if (ShouldProcess($"Name: {name}", "Remove Alias"))
            {
                SessionState.RemoveAlias(name, Force);
            }
        }
    }
}
