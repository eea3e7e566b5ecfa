namespace Microsoft.PowerShell.Commands;

/// <summary>What Measure-Object found.</summary>
public abstract class MeasureInfo
{
    /// <summary>The property that was measured.</summary>
    public string? Property { get; internal set; }
}
