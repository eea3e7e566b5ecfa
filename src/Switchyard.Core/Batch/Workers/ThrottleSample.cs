using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch.Workers;

/// <summary>What one worker does between two reports to the throttle's controller: an item, or a few short ones.</summary>
/// <param name="CpuAtStart">Processor time of the worker's thread then; null where it is not known.</param>
/// <param name="WaitingAtStart">How long the thread had waited for a core until then.</param>
/// <param name="PausedAtStart">How long the collector had stopped all threads until then.</param>
internal sealed record ThrottleSample(ThrottleToken Token, long StartedAt, TimeSpan? CpuAtStart, TimeSpan WaitingAtStart, TimeSpan PausedAtStart)
{
    public int Items { get; set; }

    /// <summary>Whether its worker has done nothing before.</summary>
    public bool IsFirst { get; init; }

    /// <summary>Processor time that those have taken elsewhere than on the worker's thread.</summary>
    public TimeSpan CpuElsewhere { get; set; }
}
