using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Wait-Process, without -Any.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Process", DefaultParameterSetName = "Name")]
[OutputType(typeof(Process))]
public sealed class WaitProcessCommand : ProcessCommandBase, IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<Process> _processes = [];

    [Parameter(Position = 0, ParameterSetName = "Id", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PID", "ProcessId")]
    public int[]? Id { get; set; }

    [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessName")]
    public string[]? Name { get; set; }

    [Parameter(ParameterSetName = "InputObject", Mandatory = true, ValueFromPipeline = true)]
    public Process[]? InputObject { get; set; }

    [Parameter(Position = 1)]
    [Alias("TimeoutSec")]
    [ValidateRange(0, 32767)]
    public int Timeout { get; set; } = -1;

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _processes.AddRange(Find(Name, Id, InputObject));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        if (Timeout >= 0)
        {
            deadline.CancelAfter(TimeSpan.FromSeconds(Timeout));
        }

        foreach (Process process in _processes)
        {
            try
            {
                process.WaitForExitAsync(deadline.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (!_stopped.IsCancellationRequested)
            {
                string id = process.Id.ToString(CultureInfo.InvariantCulture);
                var error = new TimeoutException(
                    $"This command stopped operation because process \"{process.ProcessName} ({id})\" is not stopped in the specified time-out.");
                WriteError(new ErrorRecord(error, "ProcessNotTerminated", ErrorCategory.CloseError, process));
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (PassThru)
            {
                WriteObject(process);
            }
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopped.Cancel();
}
