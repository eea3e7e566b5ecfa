using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal;

/// <summary>The line of an item that has ended.</summary>
internal sealed record JournalEntry
{
    public ItemKey Key { get; init; }

    /// <summary>Its position in the input of its run, from 0. Another run may have found it elsewhere.</summary>
    public long Index { get; init; }

    public ItemStatus Status { get; init; }

    public ItemDescription Item { get; init; }

    /// <summary>Whether this takes back an earlier line of the same run, by which the item had succeeded: its result was not handed on.</summary>
    public bool IsTakenBack { get; init; }

    /// <summary>The run whose line is taken back; null for this one.</summary>
    public int? OfRun { get; init; }

    /// <summary>Where what it wrote is kept; null if that was not wanted.</summary>
    public KeptPlace? Kept { get; init; }

    /// <summary>Whether <see cref="Item"/> is not all of it, as it succeeded and is very long.</summary>
    public bool IsCut { get; init; }

    /// <summary>When it was first started, in UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>How long it waited before it was first started.</summary>
    public TimeSpan QueueTime { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>How many items were run together, of whose time <see cref="Duration"/> is its share.</summary>
    public int GroupSize { get; init; } = 1;

    public int Attempts { get; init; }

    /// <summary>Number of the worker that ended it, from 1.</summary>
    public int WorkerId { get; init; }

    /// <summary>The exit code of its executable; null where there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The full path of the files that have its output, without what tells them apart; null if there are none.</summary>
    public string? OutputPath { get; init; }

    /// <summary>The last error of an item that did not succeed; null if it wrote none.</summary>
    public ErrorDescription? Error { get; init; }
}
