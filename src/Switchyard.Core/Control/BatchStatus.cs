using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Control;

/// <summary>A batch that runs, as others are told of it.</summary>
internal sealed record BatchStatus
{
    /// <summary>Its session's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its number in that, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The command that has started it.</summary>
    public required string Command { get; init; }

    /// <summary>What it runs.</summary>
    public required string Work { get; init; }

    /// <summary>The name of its job; null where it is none.</summary>
    public required string? JobName { get; init; }

    public required BatchState State { get; init; }

    public required long Read { get; init; }

    public required long Done { get; init; }

    public required long Failed { get; init; }

    public required int Running { get; init; }

    /// <summary>How many wait to be tried again.</summary>
    public required int Waiting { get; init; }

    /// <summary>How many there will be; null where that is not known.</summary>
    public required long? Total { get; init; }

    /// <summary>Items per second of late; null before any has ended.</summary>
    public required double? Rate { get; init; }

    public required TimeRange? TimeLeft { get; init; }

    /// <summary>What is to be read of the time left; empty where nothing can be said.</summary>
    public required string TimeLeftText { get; init; }

    public required int ThrottleLimit { get; init; }

    /// <summary>Whether the throttle is adjusted while the batch goes on.</summary>
    public required bool IsAdjusted { get; init; }

    /// <summary>In universal time.</summary>
    public required DateTime StartedAt { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>How much of a core its session has used of late, in percent: more than 100 of several.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Bytes that its session has.</summary>
    public required long Memory { get; init; }

    public required IReadOnlyList<WorkerStatus> Workers { get; init; }

    /// <summary>The items that took longest, the longest first.</summary>
    public required IReadOnlyList<EndedItemStatus> Slowest { get; init; }

    /// <summary>The items that failed last, the last first.</summary>
    public required IReadOnlyList<EndedItemStatus> FailedItems { get; init; }

    /// <summary>By what it is named on this machine.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}-{Number}");
}
