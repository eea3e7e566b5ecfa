using System.Diagnostics;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Process, without user names, modules and file versions.</summary>
[Cmdlet(VerbsCommon.Get, "Process", DefaultParameterSetName = "Name")]
[OutputType(typeof(Process))]
public sealed class GetProcessCommand : ProcessCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter(ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID")]
    public int[]? Id { get; set; }

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(Find(Name, Id, InputObject), enumerateCollection: true);
}
