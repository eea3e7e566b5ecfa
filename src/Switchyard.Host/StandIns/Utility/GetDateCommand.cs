using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Date.</summary>
[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = DateFormatSet)]
[OutputType(typeof(string), typeof(DateTime))]
public sealed class GetDateCommand : PSCmdlet
{
    private const string DateFormatSet = "DateAndFormat";
    private const string DateUFormatSet = "DateAndUFormat";
    private const string UnixFormatSet = "UnixTimeSecondsAndFormat";
    private const string UnixUFormatSet = "UnixTimeSecondsAndUFormat";

    private DateTime? _date;

    [Parameter(ParameterSetName = DateFormatSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = DateUFormatSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LastWriteTime")]
    public DateTime Date
    {
        get => _date ?? default;
        set => _date = value;
    }

    [Parameter(ParameterSetName = UnixFormatSet, Mandatory = true)]
    [Parameter(ParameterSetName = UnixUFormatSet, Mandatory = true)]
    [Alias("UnixTime")]
    public long UnixTimeSeconds
    {
        get => new DateTimeOffset(_date ?? default).ToUnixTimeSeconds();
        set => _date = DateTimeOffset.FromUnixTimeSeconds(value).LocalDateTime;
    }

    [Parameter]
    [ValidateRange(1, 9999)]
    public int Year { get; set; }

    [Parameter]
    [ValidateRange(1, 12)]
    public int Month { get; set; }

    [Parameter]
    [ValidateRange(1, 31)]
    public int Day { get; set; }

    [Parameter]
    [ValidateRange(0, 23)]
    public int Hour { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, 59)]
    public int Minute { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, 59)]
    public int Second { get; set; } = -1;

    [Parameter]
    [ValidateRange(0, 999)]
    public int Millisecond { get; set; } = -1;

    [Parameter]
    public DisplayHintType DisplayHint { get; set; } = DisplayHintType.DateTime;

    [Parameter(ParameterSetName = DateUFormatSet, Mandatory = true)]
    [Parameter(ParameterSetName = UnixUFormatSet, Mandatory = true)]
    public string? UFormat { get; set; }

    [Parameter(ParameterSetName = DateFormatSet)]
    [Parameter(ParameterSetName = UnixFormatSet)]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        DateTime date = Adjust(_date ?? DateTime.Now);
        if (UFormat is not null)
        {
            WriteObject(UnixDateFormat.Apply(UFormat, date));
        }
        else if (Format is not null)
        {
            WriteObject(FormatDate(date, Format));
        }
        else
        {
            var result = new PSObject(date);
            result.Properties.Add(new PSNoteProperty("DisplayHint", DisplayHint));
            WriteObject(result);
        }
    }

    private static string FormatDate(DateTime date, string format) => format.ToUpperInvariant() switch
    {
        "FILEDATE" => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        "FILEDATEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddZ", CultureInfo.InvariantCulture),
        "FILEDATETIME" => date.ToString("yyyyMMddTHHmmssffff", CultureInfo.InvariantCulture),
        "FILEDATETIMEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddTHHmmssffffZ", CultureInfo.InvariantCulture),
        _ => date.ToString(format, CultureInfo.CurrentCulture),
    };

    private DateTime Adjust(DateTime date)
    {
        date = Year > 0 ? date.AddYears(Year - date.Year) : date;
        date = Month > 0 ? date.AddMonths(Month - date.Month) : date;
        date = Day > 0 ? date.AddDays(Day - date.Day) : date;
        date = Hour >= 0 ? date.AddHours(Hour - date.Hour) : date;
        date = Minute >= 0 ? date.AddMinutes(Minute - date.Minute) : date;
        date = Second >= 0 ? date.AddSeconds(Second - date.Second) : date;
        if (Millisecond >= 0)
        {
            date = date.AddTicks(-(date.Ticks % TimeSpan.TicksPerSecond)).AddMilliseconds(Millisecond);
        }

        return AsUTC ? date.ToUniversalTime() : date;
    }
}
