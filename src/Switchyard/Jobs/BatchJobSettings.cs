namespace Switchyard.Jobs;

/// <summary>What a job is called and how it reports.</summary>
internal sealed record BatchJobSettings
{
    /// <summary>The code that it runs, as <c>Get-Job</c> shows it.</summary>
    public required string Command { get; init; }

    /// <summary>Its name; null for one that the engine gives.</summary>
    public string? Name { get; init; }

    /// <summary>What its progress is the progress of.</summary>
    public required string Activity { get; init; }

    /// <summary>How many items are expected; null if that is not known.</summary>
    public long? Total { get; init; }

    /// <summary>Whether progress is wanted.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Whether the first error stops it.</summary>
    public bool StopsOnError { get; init; }

    /// <summary>The items' deadline, for the error that names it.</summary>
    public double ItemTimeoutSeconds { get; init; }

    /// <summary>The run's deadline, for the error that names it.</summary>
    public double TimeoutSeconds { get; init; }

    /// <summary>The limit of failures, for the error that names it.</summary>
    public int MaxFailures { get; init; }

    /// <summary>Whether an item's output is byte arrays, to be made one in its result.</summary>
    public bool JoinsBytes { get; init; }
}
