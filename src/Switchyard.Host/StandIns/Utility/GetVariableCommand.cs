using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Variable.</summary>
[Cmdlet(VerbsCommon.Get, "Variable")]
[OutputType(typeof(PSVariable))]
public sealed class GetVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public SwitchParameter ValueOnly { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSVariable variable in Find(Name, Include, Exclude, report: true).OrderBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase))
        {
            WriteObject(ValueOnly ? variable.Value : variable);
        }
    }
}
