using Switchyard.Core.Telemetry;

namespace Switchyard.Streams;

/// <summary>How a batch reports, in its pipeline or as a job.</summary>
internal sealed record ReportSettings
{
    /// <summary>What its progress is the progress of: the command's name.</summary>
    public required string Activity { get; init; }

    /// <summary>What is run for each item.</summary>
    public required string Work { get; init; }

    /// <summary>How many items are expected, as far as that is known.</summary>
    public ExpectedTotal Total { get; init; } = new();

    /// <summary>Tells how far each of its machines is; null if they are not told apart.</summary>
    public Func<IReadOnlyList<HostProgress>>? Hosts { get; init; }

    public bool WritesResults { get; init; }

    public bool ShowsProgress { get; init; }

    /// <summary>How the host shows progress; null where that is not known.</summary>
    public ProgressLook? Look { get; init; }

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
