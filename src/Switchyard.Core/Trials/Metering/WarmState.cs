using System.Runtime;

namespace Switchyard.Core.Trials.Metering;

/// <summary>The process's counters when the workers of a run were warm: what came before belongs to their start.</summary>
internal sealed record WarmState(long Timestamp, DateTime Time, long Contentions, TimeSpan Pauses)
{
    /// <summary>How long the runtime has compiled.</summary>
    public TimeSpan Compiled { get; init; }

    public static WarmState Now() =>
        new(Stopwatch.GetTimestamp(), DateTime.UtcNow, Monitor.LockContentionCount, GC.GetTotalPauseDuration()) { Compiled = JitInfo.GetCompilationTime() };
}
