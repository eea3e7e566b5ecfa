namespace Switchyard.Core.Items;

/// <summary>What became of one item, complete and final: an item has exactly one.</summary>
internal sealed class ItemResult
{
    /// <summary>Position in the input, from 0.</summary>
    public required long Index { get; init; }

    public required object? Input { get; init; }

    public required ItemStatus Status { get; init; }

    /// <summary>What its last attempt wrote as output. Empty unless the run collects results.</summary>
    public IReadOnlyList<object?> Output { get; init; } = [];

    /// <summary>What its last attempt wrote as errors. Empty unless the run collects results.</summary>
    public IReadOnlyList<object> Errors { get; init; } = [];

    public int Attempts { get; init; }

    /// <summary>How long its attempts ran together, without the time between them.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How many items have shares in the time of the attempts: those of its group.</summary>
    public int Shares { get; init; } = 1;

    /// <summary>From when it was read to when it was first started, or to the end of the run if it never was.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>Processor time that its attempts took, on the worker's thread or in their processes; null where that is not known.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Number of the worker that ran it last, from 1; null if none did.</summary>
    public int? WorkerId { get; init; }

    /// <summary>The machine that it ran on last; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>The full path of the files that have its output, without what tells them apart; null if there are none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Whether somebody had it stopped by itself.</summary>
    public bool IsStopped { get; init; }

    /// <summary>The exit code of its executable; null if it ran none.</summary>
    public int? ExitCode { get; init; }
}
