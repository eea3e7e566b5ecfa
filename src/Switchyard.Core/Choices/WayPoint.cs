using Switchyard.Core.Analysis;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Choices;

/// <summary>What a number of workers of a kind was last measured to do in a run.</summary>
/// <param name="CollectedShare">Of the time, the share in which the garbage collector had stopped all threads.</param>
/// <param name="Contentions">How often an item found a .NET monitor taken.</param>
internal sealed record WayPoint(Recommendation Way, ThrottleMeasurement Measurement, double CollectedShare, double Contentions)
{
    private const double MuchCollecting = 0.12;
    private const double ManyContentions = 0.5;
    private const double MuchLocked = 0.25;

    public double Rate => Measurement.Throughput;

    /// <summary>Of the time for which its items wanted a core, the share in which they had one: others may be busy on the machine.</summary>
    public double CoresHad => Measurement.Cpu > 0 ? Measurement.Cpu / (Measurement.Cpu + Measurement.RunQueue) : 1;

    /// <summary>Whether the heap, which processes have each for themselves, holds threads up.</summary>
    public bool IsCollected => CollectedShare > MuchCollecting;

    /// <summary>Of an item's time, the share in which it neither computed nor was stopped by the collector, where locks were found taken.</summary>
    public double LockShare => Contentions > ManyContentions ? Math.Max(0, 1 - Measurement.CpuShare - CollectedShare) : 0;

    /// <summary>Whether locks do.</summary>
    public bool IsLocked => LockShare > MuchLocked;
}
