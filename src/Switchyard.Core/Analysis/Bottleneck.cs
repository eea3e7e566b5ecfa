namespace Switchyard.Core.Analysis;

/// <summary>What limits the work.</summary>
public enum Bottleneck
{
    /// <summary>It computes.</summary>
    Cpu,

    /// <summary>It waits.</summary>
    Wait,

    /// <summary>It computes and waits.</summary>
    Mixed,

    /// <summary>Its items wait for each other, at something that only one can have at a time.</summary>
    Lock,

    /// <summary>It allocates so much that the garbage collector takes the time.</summary>
    GarbageCollection,

    /// <summary>The processes that it starts compute.</summary>
    ChildProcess,

    /// <summary>It waits for a disk.</summary>
    Disk,

    /// <summary>An item takes hardly longer than handing it over.</summary>
    TooSmall,
}
