namespace Microsoft.PowerShell.Commands;

/// <summary>What Measure-Object found about objects that have an order, but are no numbers.</summary>
public sealed class GenericObjectMeasureInfo : MeasureInfo
{
    public int Count { get; internal set; }

    public double? Average { get; internal set; }

    public double? Sum { get; internal set; }

    public object? Maximum { get; internal set; }

    public object? Minimum { get; internal set; }

    public double? StandardDeviation { get; internal set; }
}
