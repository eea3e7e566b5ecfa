using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>The line of an item that has ended.</summary>
public sealed record JournalEntry
{
    /// <summary>What it is known by.</summary>
    public ItemKey Key { get; init; }

    /// <summary>Its position in the input of its run, from 0. Another run may have found it elsewhere.</summary>
    public long Index { get; init; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; init; }

    /// <summary>What it is.</summary>
    public ItemDescription Item { get; init; }

    /// <summary>Whether <see cref="Item"/> is not all of it, as it succeeded and is very long.</summary>
    public bool IsCut { get; init; }

    /// <summary>When it was first started, in UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>How long it waited before it was first started.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How long its attempts ran together.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; init; }

    /// <summary>Number of the worker that ended it, from 1.</summary>
    public int WorkerId { get; init; }

    /// <summary>The exit code of its executable; null where there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The last error of an item that did not succeed; null if it wrote none.</summary>
    public ErrorDescription? Error { get; init; }
}
