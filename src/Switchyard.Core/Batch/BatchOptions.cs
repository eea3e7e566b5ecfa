namespace Switchyard.Batch;

/// <summary>What a caller wants of a run, apart from the work itself.</summary>
public sealed record BatchOptions
{
    /// <summary>The most items that run at a time, at least 1.</summary>
    public required int ThrottleLimit { get; init; }

    /// <summary>Whether records are written in the order of the input.</summary>
    public bool KeepOrder { get; init; }

    /// <summary>How long the whole run may take; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How many workers may be opened at the same time: opening is work for a core.</summary>
    public int OpenLimit { get; init; } = Environment.ProcessorCount;
}
