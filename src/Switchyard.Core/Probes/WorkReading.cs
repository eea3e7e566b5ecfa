namespace Switchyard.Core.Probes;

/// <summary>Counters at one moment, or what they have grown by between two.</summary>
internal readonly record struct WorkReading
{
    /// <summary>When: <see cref="Stopwatch"/> ticks.</summary>
    public long Timestamp { get; init; }

    public TimeSpan ThreadCpu { get; init; }

    /// <summary>Time that the thread was ready to run while others had the cores; zero where the system does not tell.</summary>
    public TimeSpan RunQueue { get; init; }

    /// <summary>Processor time of processes that this one has started and waited for.</summary>
    public TimeSpan ChildCpu { get; init; }

    /// <summary>Time for which the garbage collector stopped all threads.</summary>
    public TimeSpan GarbageCollection { get; init; }

    /// <summary>How often a thread of this process found a .NET monitor taken.</summary>
    public long Contentions { get; init; }

    /// <summary>Bytes that the thread allocated.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes that this process had read from a disk, not from a cache.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Bytes that this process caused to be written to a disk.</summary>
    public long WrittenBytes { get; init; }

    /// <summary>Bytes that this process and children that have ended took by calls that read, cached or not; null where the system does not tell.</summary>
    public long? CallBytes { get; init; }

    /// <summary>How often the thread gave up its core to wait.</summary>
    public long VoluntarySwitches { get; init; }

    /// <summary>How often the thread lost its core to another.</summary>
    public long InvoluntarySwitches { get; init; }

    /// <summary>What has come since an earlier reading on the same thread.</summary>
    public WorkReading Since(in WorkReading earlier) => Combine(this, earlier, -1);

    /// <summary>Adds what came in another interval of time.</summary>
    public WorkReading Plus(in WorkReading other) => Combine(this, other, 1);

    private static WorkReading Combine(in WorkReading a, in WorkReading b, int sign) => new()
    {
        Timestamp = a.Timestamp + (sign * b.Timestamp),
        ThreadCpu = a.ThreadCpu + (sign * b.ThreadCpu),
        RunQueue = a.RunQueue + (sign * b.RunQueue),
        ChildCpu = a.ChildCpu + (sign * b.ChildCpu),
        GarbageCollection = a.GarbageCollection + (sign * b.GarbageCollection),
        Contentions = a.Contentions + (sign * b.Contentions),
        AllocatedBytes = a.AllocatedBytes + (sign * b.AllocatedBytes),
        ReadBytes = a.ReadBytes + (sign * b.ReadBytes),
        WrittenBytes = a.WrittenBytes + (sign * b.WrittenBytes),
        CallBytes = (a.CallBytes ?? 0) + (sign * b.CallBytes),
        VoluntarySwitches = a.VoluntarySwitches + (sign * b.VoluntarySwitches),
        InvoluntarySwitches = a.InvoluntarySwitches + (sign * b.InvoluntarySwitches),
    };
}
