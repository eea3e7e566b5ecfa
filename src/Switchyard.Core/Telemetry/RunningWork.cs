namespace Switchyard.Core.Telemetry;

/// <summary>An item that runs.</summary>
/// <param name="Weight">How much work it is; 0 if that is not known.</param>
internal readonly record struct RunningWork(long Index, double Weight)
{
    /// <summary>How many items it is, if they are run together.</summary>
    public int Count { get; init; } = 1;
}
