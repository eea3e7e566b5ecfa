using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Invoke-Expression.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "Expression")]
public sealed class InvokeExpressionCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    public string Command { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ScriptBlockCalls.Run(InvokeCommand.NewScriptBlock(Command), this);
}
