using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Measure-Command.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Command")]
[OutputType(typeof(TimeSpan))]
public sealed class MeasureCommandCommand : PSCmdlet
{
    private readonly Stopwatch _watch = new();

    [Parameter(ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = AutomationNull.Value;

    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock? Expression { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        _watch.Start();
        ScriptBlockCalls.RunForNothing(Expression!, InputObject);
        _watch.Stop();
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => WriteObject(_watch.Elapsed);
}
