namespace Microsoft.PowerShell.Commands;

/// <summary>What Measure-Object found about text.</summary>
public sealed class TextMeasureInfo : MeasureInfo
{
    public int? Lines { get; internal set; }

    public int? Words { get; internal set; }

    public int? Characters { get; internal set; }
}
