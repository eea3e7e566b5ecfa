using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Stop-Process.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Process", DefaultParameterSetName = "Id", SupportsShouldProcess = true)]
[OutputType(typeof(Process))]
public sealed class StopProcessCommand : ProcessCommandBase
{
    [Parameter(ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public int[]? Id { get; set; }

    [Parameter(Position = 0, ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[]? InputObject { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (Process process in Find(Name, Id, InputObject))
        {
            if (process.HasExited || !ShouldProcess($"{process.ProcessName} ({process.Id})"))
            {
                continue;
            }

            try
            {
                process.Kill();
            }
            catch (Win32Exception error)
            {
                string message = $"Cannot stop process \"{process.ProcessName} ({process.Id})\" because of the following error: {error.Message}";
                var failure = new ProcessCommandException(message, error) { ProcessName = process.ProcessName };
                WriteError(new ErrorRecord(failure, "CouldNotStopProcess", ErrorCategory.CloseError, process));
                continue;
            }

            if (PassThru)
            {
                WriteObject(process);
            }
        }
    }
}
