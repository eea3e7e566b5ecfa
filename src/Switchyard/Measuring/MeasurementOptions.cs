namespace Switchyard.Measuring;

/// <summary>What is wanted of a measurement.</summary>
internal sealed record MeasurementOptions
{
    /// <summary>The default for <see cref="MaxThrottleLimit"/>.</summary>
    public const int DefaultMaxThrottleLimit = 64;

    /// <summary>The most items that are run; as many as it takes if null.</summary>
    public int? SampleCount { get; init; }

    public required TimeSpan MaxDuration { get; init; }

    /// <summary>The most workers that may be recommended.</summary>
    public int MaxThrottleLimit { get; init; } = DefaultMaxThrottleLimit;

    /// <summary>How many items there are in all, if that is known.</summary>
    public long? TotalCount { get; init; }

    /// <summary>Whether threads and processes are tried at several sizes.</summary>
    public bool Validates { get; init; }

    public bool PassesThru { get; init; }

    public bool ShowsProgress { get; init; }

    /// <summary>The file that the report is also written to as a page.</summary>
    public string? ReportFile { get; init; }
}
