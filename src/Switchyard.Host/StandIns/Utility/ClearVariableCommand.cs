using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Clear-Variable.</summary>
[Cmdlet(VerbsCommon.Clear, "Variable", SupportsShouldProcess = true)]
[OutputType(typeof(PSVariable))]
public sealed class ClearVariableCommand : VariableCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSVariable variable in Find(Name, Include, Exclude, report: true, hidden: Force))
        {
            if (ShouldProcess($"Name: {variable.Name}", "Clear variable"))
            {
                Attempt(() => Clear(variable));
            }
        }
    }

    private void Clear(PSVariable variable)
    {
        if (Force && variable.Options.HasFlag(ScopedItemOptions.ReadOnly))
        {
            var cleared = new PSVariable(variable.Name, null, variable.Options) { Description = variable.Description };
            SessionState.Set(cleared, Scope, force: true, MyInvocation.CommandOrigin);
        }
        else
        {
            variable.Value = null;
        }

        if (PassThru)
        {
            WriteObject(variable);
        }
    }
}
