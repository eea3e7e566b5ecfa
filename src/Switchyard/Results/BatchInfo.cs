using Switchyard.Core.Control;

namespace Switchyard;

/// <summary>A batch that runs in a session of this user on this machine, as it was at one moment.</summary>
public sealed class BatchInfo
{
    private const double BytesPerMegabyte = 1024 * 1024;

    internal BatchInfo(BatchStatus status)
    {
        Id = status.Id;
        ProcessId = status.ProcessId;
        Command = status.Command;
        Work = status.Work;
        JobName = status.JobName;
        State = status.State;
        ReadCount = status.Read;
        DoneCount = status.Done;
        FailedCount = status.Failed;
        RunningCount = status.Running;
        RetryCount = status.Waiting;
        TotalCount = status.Total;
        Percent = status.Total is > 0 and var total ? Math.Round(100.0 * status.Done / total, 1) : null;
        ItemsPerSecond = status.Rate;
        MinTimeLeft = status.TimeLeft?.Low;
        MaxTimeLeft = status.TimeLeft?.High;
        TimeLeft = status.TimeLeftText;
        ThrottleLimit = status.ThrottleLimit;
        AutoThrottle = status.IsAdjusted;
        StartTime = status.StartedAt.ToLocalTime();
        Elapsed = status.Elapsed;
        CpuPercent = status.CpuPercent;
        MemoryMB = status.Memory / BytesPerMegabyte;
        Workers = [.. status.Workers.Select(worker => new BatchWorkerInfo(worker))];
        SlowestItems = [.. status.Slowest.Select(item => new BatchItemInfo(item))];
        FailedItems = [.. status.FailedItems.Select(item => new BatchItemInfo(item))];
    }

    /// <summary>By what it is named on this machine: its session's process, and a number.</summary>
    public string Id { get; }

    /// <summary>The process of its session.</summary>
    public int ProcessId { get; }

    /// <summary>The command that has started it.</summary>
    public string Command { get; }

    /// <summary>The script block or the program that it runs, in one line.</summary>
    public string Work { get; }

    /// <summary>The name of its job; null if it runs in a pipeline.</summary>
    public string? JobName { get; }

    /// <summary>What it does.</summary>
    public BatchState State { get; }

    /// <summary>How many items it has read.</summary>
    public long ReadCount { get; }

    /// <summary>How many of them are done, well or not; with a journal also those that were done before.</summary>
    public long DoneCount { get; }

    /// <summary>How many of them failed.</summary>
    public long FailedCount { get; }

    /// <summary>How many run.</summary>
    public int RunningCount { get; }

    /// <summary>How many wait to be tried again.</summary>
    public int RetryCount { get; }

    /// <summary>How many there will be; null where that is not known.</summary>
    public long? TotalCount { get; }

    /// <summary>How many of a hundred are done; null where the total is not known.</summary>
    public double? Percent { get; }

    /// <summary>How many items are done in a second, of late; null before one is.</summary>
    public double? ItemsPerSecond { get; }

    /// <summary>How long it takes yet at least, as far as that can be told; null where it cannot.</summary>
    public TimeSpan? MinTimeLeft { get; }

    /// <summary>How long it takes yet at most, as far as that can be told; null where it cannot.</summary>
    public TimeSpan? MaxTimeLeft { get; }

    /// <summary>Both as a text, such as <c>1-2 min left</c>; empty where nothing can be told.</summary>
    public string TimeLeft { get; }

    /// <summary>The most items that run at a time.</summary>
    public int ThrottleLimit { get; }

    /// <summary>Whether the batch adjusts that itself.</summary>
    public bool AutoThrottle { get; }

    /// <summary>When it was started.</summary>
    public DateTime StartTime { get; }

    /// <summary>How long it has run.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>How much of a core its session has used of late, in percent: more than 100 of several cores.</summary>
    public double CpuPercent { get; }

    /// <summary>Megabytes of memory that its session has.</summary>
    public double MemoryMB { get; }

    /// <summary>Its workers, and what each does.</summary>
    public BatchWorkerInfo[] Workers { get; }

    /// <summary>The items that took longest, the longest first: ten at most.</summary>
    public BatchItemInfo[] SlowestItems { get; }

    /// <summary>The items that failed last, the last first: ten at most.</summary>
    public BatchItemInfo[] FailedItems { get; }

    /// <summary>Its id.</summary>
    public override string ToString() => Id;
}
