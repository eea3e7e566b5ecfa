namespace Switchyard.Core.Probes;

/// <summary>What a process has used, and what it is at, at one moment.</summary>
internal sealed record ProcessReading
{
    /// <summary>When: <see cref="Stopwatch"/> ticks.</summary>
    public required long Timestamp { get; init; }

    public required TimeSpan Cpu { get; init; }

    /// <summary>Time that its threads were ready to run while others had the cores; zero where the system does not tell.</summary>
    public TimeSpan RunQueue { get; init; }

    public TimeSpan ChildCpu { get; init; }

    public int ThreadCount { get; init; }

    /// <summary>How many of them are running or ready to.</summary>
    public int RunningCount { get; init; }

    /// <summary>How many of them wait for a disk.</summary>
    public int DiskCount { get; init; }

    /// <summary>Bytes of memory that it has in use.</summary>
    public long WorkingSet { get; init; }

    /// <summary>Bytes that it had read from a disk; null where it may not be known.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes that it caused to be written to a disk; null where it may not be known.</summary>
    public long? WrittenBytes { get; init; }
}
