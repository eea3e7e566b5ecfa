using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Start-Sleep.</summary>
[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleepCommand : PSCmdlet, IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Seconds", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0.0, (double)(int.MaxValue / 1000))]
    public double Seconds { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Milliseconds", ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "FromTimeSpan", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(ValidateRangeKind.NonNegative)]
    [Alias("ts")]
    public TimeSpan Duration { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _stopped.Wait(ParameterSetName switch
    {
        "Milliseconds" => TimeSpan.FromMilliseconds(Milliseconds),
        "FromTimeSpan" => Duration,
        _ => TimeSpan.FromSeconds(Seconds),
    });

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopped.Set();
}
