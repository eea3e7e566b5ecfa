using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

/// <summary>How far a benchmark run may go.</summary>
internal sealed record BenchmarkLimits
{
    /// <summary>How many items at most.</summary>
    public required int MaxItems { get; init; }

    /// <summary>How many items are handed over before one has ended, at least; workers that take some ahead need more.</summary>
    public int Ahead { get; init; }

    /// <summary>How long after all workers were ready nothing more is started. Items that have started may finish.</summary>
    public required TimeSpan StartTime { get; init; }

    /// <summary>After how long items that still run are stopped.</summary>
    public required TimeSpan Deadline { get; init; }

    /// <summary>Asked after each item whether enough is known; on the worker's thread. Null to go on to the other limits.</summary>
    public Func<BenchmarkLog, bool>? IsEnough { get; init; }
}
