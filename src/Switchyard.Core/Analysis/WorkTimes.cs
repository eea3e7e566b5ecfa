namespace Switchyard.Core.Analysis;

/// <summary>What items took together, with the cost of measuring taken off.</summary>
public sealed record WorkTimes
{
    /// <summary>From start to end.</summary>
    public required TimeSpan Wall { get; init; }

    /// <summary>Processor time of the thread that ran them.</summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>Processor time of other threads that worked for them.</summary>
    public TimeSpan HelperCpu { get; init; }

    /// <summary>Time in the run queue.</summary>
    public TimeSpan RunQueue { get; init; }

    /// <summary>Waiting for monitors.</summary>
    public TimeSpan Lock { get; init; }

    /// <summary>Stopped by the garbage collector.</summary>
    public TimeSpan GarbageCollection { get; init; }

    /// <summary>Waiting for a disk.</summary>
    public TimeSpan Disk { get; init; }

    /// <summary>Processor time of child processes.</summary>
    public TimeSpan ChildCpu { get; init; }

    /// <summary>All processor time that these items cost.</summary>
    public TimeSpan AllCpu => Cpu + HelperCpu + ChildCpu;
}
