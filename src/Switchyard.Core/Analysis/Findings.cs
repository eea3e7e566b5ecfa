using Switchyard.Core.Analysis.Machines;

namespace Switchyard.Core.Analysis;

/// <summary>Everything that was measured. The analysis uses nothing else.</summary>
internal sealed record Findings
{
    public required int Cores { get; init; }

    /// <summary>How many times one core's work all of them do, as measured.</summary>
    public required double Capacity { get; init; }

    /// <summary>Times of the sampled items in seconds, with the cost of measuring taken off.</summary>
    public required SampleStatistics ItemSeconds { get; init; }

    public required WorkTimes Times { get; init; }

    public required int TimedCount { get; init; }

    /// <summary>What one item costs to hand over to a worker and back, in seconds.</summary>
    public required double HandOverSeconds { get; init; }

    /// <summary>What an item of nothing takes, in seconds: the cost that was taken off.</summary>
    public double EmptySeconds { get; init; }

    /// <summary>How many items were run in all, and are used up.</summary>
    public required int UsedCount { get; init; }

    /// <summary>The items of all runs that did not succeed.</summary>
    public IReadOnlyList<ItemResult> Failures { get; init; } = [];

    public TimeSpan Took { get; init; }

    public bool IsExecutable { get; init; }

    public IReadOnlyList<BenchmarkPoint> Trials { get; init; } = [];

    /// <summary>Bytes that one more thread took; null if it was not measured.</summary>
    public long? BytesPerThread { get; init; }

    /// <summary>Bytes that one process took; null if it was not measured.</summary>
    public long? BytesPerProcess { get; init; }

    /// <summary>Bytes that one item allocated, on average.</summary>
    public double AllocatedBytes { get; init; }

    /// <summary>Bytes that one item read from a disk, on average.</summary>
    public double ReadBytes { get; init; }

    /// <summary>Bytes that one item wrote to a disk, on average.</summary>
    public double WrittenBytes { get; init; }

    /// <summary>How often an item lost its core to another thread, on average.</summary>
    public double LostCores { get; init; }

    /// <summary>Bytes that one item had read, of files and of all else that is read by a call, cached or not; null where the system does not tell.</summary>
    public double? CallBytes { get; init; }

    /// <summary>The other machines that were measured.</summary>
    public IReadOnlyList<HostFigures> Hosts { get; init; } = [];

    /// <summary>Those of which nothing could be measured.</summary>
    public IReadOnlyList<HostFailure> FailedHosts { get; init; } = [];

    public IReadOnlyList<SampledItem> Items { get; init; } = [];

    /// <summary>The clock of <see cref="Items"/> when the first began.</summary>
    public long Origin { get; init; }

    /// <summary>Items a second, one after another.</summary>
    public double SequentialRate => 1 / Math.Max(1e-9, ItemSeconds.Mean + HandOverSeconds);
}
