namespace Switchyard.Core.Trials;

/// <summary>The process's counters when the workers of a run were warm: what came before belongs to their start.</summary>
/// <param name="Time">The same in coordinated universal time, as the runtime's events have it.</param>
/// <param name="Contentions">How often a monitor had been found taken in this process.</param>
/// <param name="Pauses">How long the garbage collector had stopped this process.</param>
internal sealed record WarmState(long Timestamp, DateTime Time, long Contentions, TimeSpan Pauses)
{
    /// <summary>The counters now.</summary>
    public static WarmState Now() => new(Stopwatch.GetTimestamp(), DateTime.UtcNow, Monitor.LockContentionCount, GC.GetTotalPauseDuration());
}
