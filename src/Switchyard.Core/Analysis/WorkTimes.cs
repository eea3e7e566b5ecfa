namespace Switchyard.Core.Analysis;

/// <summary>What items took together, with the cost of measuring taken off.</summary>
internal sealed record WorkTimes
{
    public required TimeSpan Wall { get; init; }

    /// <summary>Processor time of the thread that ran them.</summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>Processor time of other threads that worked for them.</summary>
    public TimeSpan HelperCpu { get; init; }

    public TimeSpan RunQueue { get; init; }

    public TimeSpan Lock { get; init; }

    public TimeSpan GarbageCollection { get; init; }

    public TimeSpan Disk { get; init; }

    public TimeSpan ChildCpu { get; init; }

    public TimeSpan AllCpu => Cpu + HelperCpu + ChildCpu;
}
