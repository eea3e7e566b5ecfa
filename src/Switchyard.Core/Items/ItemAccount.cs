namespace Switchyard.Core.Items;

/// <summary>What is known of an item so far, over all its attempts. It goes with the item, so one thread at a time has it.</summary>
internal sealed class ItemAccount(long readAt)
{
    public long ReadAt { get; } = readAt;

    /// <summary>What it is known by in other runs, where a journal is kept.</summary>
    public ItemKey Key { get; init; }

    /// <summary>The items of a group, each with its own account; empty for an item that is in none.</summary>
    public IReadOnlyList<BatchItem> Members { get; init; } = [];

    /// <summary>How many items it is the account of.</summary>
    public int Count => Math.Max(1, Members.Count);

    /// <summary>The attempt of a group that has failed, after which this item of it is tried by itself; null if there was none.</summary>
    public ItemAttempt? SplitFrom { get; init; }

    /// <summary>The source that it was taken from, which must be told of its end; null if it was piped in.</summary>
    public IInputSource? Source { get; init; }

    /// <summary>When it was first started; null if it never was.</summary>
    public long? StartedAt { get; set; }

    public int Attempts { get; set; }

    /// <summary>Where the files with its output are, without what tells them apart: of an earlier run, and then of this one. Null if there are none.</summary>
    public string? OutputPath { get; set; }

    /// <summary>How many of its attempts ended with the death of their worker.</summary>
    public int Crashes { get; set; }

    /// <summary>How many of its attempts were lost with the way to their worker.</summary>
    public int Losses { get; set; }

    /// <summary>How many of its attempts began beside another that ran.</summary>
    public int Copies { get; set; }

    /// <summary>How many of its attempts count against those that it may have when it fails.</summary>
    public int Failures => Attempts - Crashes - Losses - Copies - (SplitFrom?.Account.Attempts ?? 0);

    /// <summary>The attempt beside which a copy of the item is to run; null if this is the item itself.</summary>
    public ItemAttempt? CopyOf { get; init; }

    /// <summary>The account of the item itself.</summary>
    public ItemAccount Own => CopyOf?.Account ?? this;

    public TimeSpan Duration { get; set; }

    /// <summary>Processor time of its ended attempts, as far as it is known.</summary>
    public TimeSpan? CpuTime { get; set; }

    /// <summary>The attempt that failed, while the item waits for another: if none comes, it was the last.</summary>
    public ItemAttempt? Last { get; set; }
}
