using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for New-TimeSpan.</summary>
[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Date")]
[OutputType(typeof(TimeSpan))]
public sealed class NewTimeSpanCommand : PSCmdlet
{
    private DateTime? _start;
    private DateTime? _end;

    [Parameter(Position = 0, ParameterSetName = "Date", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LastWriteTime")]
    public DateTime Start
    {
        get => _start ?? default;
        set => _start = value;
    }

    [Parameter(Position = 1, ParameterSetName = "Date", ValueFromPipelineByPropertyName = true)]
    public DateTime End
    {
        get => _end ?? default;
        set => _end = value;
    }

    [Parameter(ParameterSetName = "Time")]
    public int Days { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Hours { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Minutes { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Seconds { get; set; }

    [Parameter(ParameterSetName = "Time")]
    public int Milliseconds { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        DateTime now = DateTime.Now;
        WriteObject(ParameterSetName == "Time"
            ? new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds)
            : (_end ?? now) - (_start ?? now));
    }
}
