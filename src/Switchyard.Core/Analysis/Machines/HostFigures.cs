namespace Switchyard.Core.Analysis.Machines;

/// <summary>What was measured of a machine and the way to it.</summary>
internal sealed record HostFigures
{
    public required string Name { get; init; }

    /// <summary>Whether it is this machine.</summary>
    public bool IsHere { get; init; }

    public required int Cores { get; init; }

    /// <summary>How many workers it would have.</summary>
    public required int Workers { get; init; }

    /// <summary>How long its first worker took to start.</summary>
    public TimeSpan StartUp { get; init; }

    /// <summary>Seconds there and back; null if it was not measured.</summary>
    public double? RoundTripSeconds { get; init; }

    /// <summary>Bytes a second there; null if it was not measured.</summary>
    public double? SendRate { get; init; }

    /// <summary>Bytes a second back; null if it was not measured.</summary>
    public double? ReceiveRate { get; init; }

    /// <summary>Times of the items that succeeded there; null if too few were run to tell.</summary>
    public SampleStatistics? ItemSeconds { get; init; }

    public int ItemCount { get; init; }

    public int FailedCount { get; init; }
}
