using Switchyard.Core.Journal;
using Switchyard.Journal;

namespace Switchyard;

/// <summary>How an item of a batch ended, as its journal says.</summary>
public sealed class BatchJournalEntry
{
    internal BatchJournalEntry(JournalEntry entry, int run)
    {
        Run = run;
        Index = entry.Index;
        Key = entry.Key.ToString();
        InputObject = ItemDescriber.Restore(entry);
        HasInput = InputObject is not null || entry.Item.Kind is ItemKind.Null;
        ItemText = entry.Item.Kind is ItemKind.Null ? "$null" : entry.Item.Text;
        Status = entry.Status;
        StartTime = entry.StartedAt.LocalDateTime;
        EndTime = entry.EndedAt.LocalDateTime;
        QueueTime = entry.QueueTime;
        Duration = entry.Duration;
        Attempts = entry.Attempts;
        WorkerId = entry.WorkerId;
        ExitCode = entry.ExitCode;
        OutputPath = entry.OutputPath;
        ErrorId = string.IsNullOrEmpty(entry.Error?.Id) ? null : entry.Error.Id;
        ErrorMessage = entry.Error?.Message;
    }

    /// <summary>The number of its run in the journal, from 1: each resumption is a run.</summary>
    public int Run { get; }

    /// <summary>Position of the item in the input of its run, from 0.</summary>
    public long Index { get; }

    /// <summary>What it is known by, whatever its position: 32 hexadecimal digits.</summary>
    public string Key { get; }

    /// <summary>
    /// The item: texts, numbers and files always, all else only if it did not succeed; null where it cannot be had from the journal. An
    /// entry that is piped into a batch stands for it.
    /// </summary>
    public object? InputObject { get; }

    /// <summary>Whether <see cref="InputObject"/> is the item.</summary>
    internal bool HasInput { get; }

    /// <summary>The item's text.</summary>
    public string ItemText { get; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; }

    /// <summary>When it was first started.</summary>
    public DateTime StartTime { get; }

    /// <summary>When it ended.</summary>
    public DateTime EndTime { get; }

    /// <summary>From when it was read to when it was first started.</summary>
    public TimeSpan QueueTime { get; }

    /// <summary>How long its attempts ran together, without the time between them.</summary>
    public TimeSpan Duration { get; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; }

    /// <summary>The number of the worker that ended it, from 1.</summary>
    public int WorkerId { get; }

    /// <summary>The exit code of its executable; null for script blocks.</summary>
    public int? ExitCode { get; }

    /// <summary>
    /// With <c>-OutputDirectory</c>, the files with its output: with <c>.stdout</c>, <c>.stderr</c> or <c>.exitcode</c> added it is the path of one.
    /// Null if there are none.
    /// </summary>
    public string? OutputPath { get; }

    /// <summary>The stable id of its last error; null if it succeeded or wrote none.</summary>
    public string? ErrorId { get; }

    /// <summary>The message of its last error; null if it succeeded or wrote none.</summary>
    public string? ErrorMessage { get; }
}
