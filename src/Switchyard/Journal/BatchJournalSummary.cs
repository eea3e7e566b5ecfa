using Switchyard.Core.Journal;
using Switchyard.Core.Journal.Reading;

namespace Switchyard;

/// <summary>A journal in short.</summary>
public sealed class BatchJournalSummary
{
    internal BatchJournalSummary(string path, JournalSummary summary)
    {
        Path = path;
        Command = summary.LastRun?.Command ?? string.Empty;
        Work = summary.LastRun?.Work ?? string.Empty;
        Runs = summary.Runs;
        State = StateOf(summary);
        StartTime = summary.StartedAt.LocalDateTime;
        EndTime = summary.EndedAt.LocalDateTime;
        Duration = summary.ActiveTime;
        Succeeded = summary.Succeeded;
        Failed = summary.Failed;
        Canceled = summary.Canceled;
        double seconds = summary.ActiveTime.TotalSeconds;
        ItemsPerSecond = seconds > 0 ? summary.Workers.Sum(worker => worker.Items) / seconds : 0;
        Slowest = [.. summary.Slowest.Select(slow => new BatchJournalEntry(slow.Entry, slow.Run))];
        Workers = [.. summary.Workers];
    }

    /// <summary>The journal's full path.</summary>
    public string Path { get; }

    /// <summary>The command of the last run.</summary>
    public string Command { get; }

    /// <summary>What it ran.</summary>
    public string Work { get; }

    /// <summary>How many runs there were: the first, and each resumption.</summary>
    public int Runs { get; }

    /// <summary>What has become of the last run.</summary>
    public JournalState State { get; }

    /// <summary>When the first run began.</summary>
    public DateTime StartTime { get; }

    /// <summary>When the last event was.</summary>
    public DateTime EndTime { get; }

    /// <summary>How long the runs took together, without the time between them.</summary>
    public TimeSpan Duration { get; }

    /// <summary>How many items have succeeded.</summary>
    public long Succeeded { get; }

    /// <summary>How many failed, crashed or timed out, and have not been run since.</summary>
    public long Failed { get; }

    /// <summary>How many were interrupted, and have not been run since.</summary>
    public long Canceled { get; }

    /// <summary>How many items ended in a second of <see cref="Duration"/>, however they did.</summary>
    public double ItemsPerSecond { get; }

    /// <summary>The items that took longest, the longest first.</summary>
    public BatchJournalEntry[] Slowest { get; }

    /// <summary>What each worker did, by its number.</summary>
    public WorkerShare[] Workers { get; }

    private static JournalState StateOf(JournalSummary summary) =>
        summary.LastEnd is { } end ? Enum.TryParse(end.Reason, out JournalState state) ? state : JournalState.Failed
        : summary.LastRun is { } run && JournalFollower.IsRunning(run) ? JournalState.Running
        : JournalState.CutOff;
}
