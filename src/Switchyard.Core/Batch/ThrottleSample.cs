using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch;

/// <summary>What one worker does between two reports to the throttle's controller: an item, or a few short ones.</summary>
/// <param name="token">What the controller gave.</param>
/// <param name="startedAt">When it began, in stopwatch ticks.</param>
/// <param name="cpuAtStart">Processor time of the worker's thread then; null where it is not known.</param>
internal sealed class ThrottleSample(ThrottleToken token, long startedAt, TimeSpan? cpuAtStart)
{
    /// <summary>What the controller gave.</summary>
    public ThrottleToken Token { get; } = token;

    /// <summary>When it began.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>Processor time of the worker's thread then.</summary>
    public TimeSpan? CpuAtStart { get; } = cpuAtStart;

    /// <summary>How many items have ended in it.</summary>
    public int Items { get; set; }

    /// <summary>Processor time that those have taken elsewhere than on the worker's thread.</summary>
    public TimeSpan CpuElsewhere { get; set; }
}
