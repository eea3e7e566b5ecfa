using Switchyard.Core.Control;

namespace Switchyard;

/// <summary>A worker of a batch that runs, and the item that it is on.</summary>
public sealed class BatchWorkerInfo
{
    private const double BytesPerMegabyte = 1024 * 1024;

    internal BatchWorkerInfo(WorkerStatus worker)
    {
        WorkerId = worker.Number;
        State = worker.State;
        Index = worker.Index;
        ItemText = worker.Item;
        Elapsed = worker.Elapsed;
        HostName = worker.HostName;
        ProcessId = worker.ProcessId;
        CpuPercent = worker.CpuPercent;
        WaitPercent = worker.CpuPercent is { } cpu ? Math.Clamp(100 - cpu, 0, 100) : null;
        MemoryMB = worker.Memory / BytesPerMegabyte;
    }

    /// <summary>Number of the worker in its batch, from 1.</summary>
    public int WorkerId { get; }

    /// <summary>What it does.</summary>
    public WorkerState State { get; }

    /// <summary>Position in the input of the item that it is on, from 0; null if it has none.</summary>
    public long? Index { get; }

    /// <summary>That item as a text.</summary>
    public string? ItemText { get; }

    /// <summary>How long it has been on it.</summary>
    public TimeSpan? Elapsed { get; }

    /// <summary>The machine that it is on; null for the session's own.</summary>
    public string? HostName { get; }

    /// <summary>The process that it is, or that runs its item; null for the session's own.</summary>
    public int? ProcessId { get; }

    /// <summary>How much of a core it has used since it was last looked at, in percent; null where that is not known.</summary>
    public double? CpuPercent { get; }

    /// <summary>How much of that time it has not: it waited for something, or for a core.</summary>
    public double? WaitPercent { get; }

    /// <summary>Megabytes of memory that its own process has; null if it has none, or is on another machine.</summary>
    public double? MemoryMB { get; }
}
