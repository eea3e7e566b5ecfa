using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Remove-Variable.</summary>
[Cmdlet(VerbsCommon.Remove, "Variable", SupportsShouldProcess = true)]
public sealed class RemoveVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        Scope ??= "0";
        foreach (PSVariable variable in Find(Name, Include, Exclude, report: true, hidden: Force))
        {
            if (ShouldProcess($"Name: {variable.Name}", "Remove variable"))
            {
                Attempt(() => SessionState.Remove(variable, Scope, Force));
            }
        }
    }
}
