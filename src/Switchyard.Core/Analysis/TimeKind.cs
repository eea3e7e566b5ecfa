namespace Switchyard.Core.Analysis;

/// <summary>What an item's time went into.</summary>
public enum TimeKind
{
    /// <summary>Computing.</summary>
    Cpu,

    /// <summary>Ready to compute, while others had the cores.</summary>
    RunQueue,

    /// <summary>Waiting for a .NET monitor that another thread held.</summary>
    Lock,

    /// <summary>Stopped by the garbage collector, or collecting.</summary>
    GarbageCollection,

    /// <summary>Waiting for a disk.</summary>
    Disk,

    /// <summary>Waiting while a process that the item started computed.</summary>
    ChildProcess,

    /// <summary>All other waiting: for a network, a clock, another thread or process.</summary>
    Wait,
}
