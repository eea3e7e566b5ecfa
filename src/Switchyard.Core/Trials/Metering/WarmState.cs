namespace Switchyard.Core.Trials.Metering;

/// <summary>The process's counters when the workers of a run were warm: what came before belongs to their start.</summary>
internal sealed record WarmState(long Timestamp, DateTime Time, long Contentions, TimeSpan Pauses)
{
    public static WarmState Now() => new(Stopwatch.GetTimestamp(), DateTime.UtcNow, Monitor.LockContentionCount, GC.GetTotalPauseDuration());
}
