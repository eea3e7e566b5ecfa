namespace Switchyard.Core.Items;

/// <summary>What is known of an item so far, over all its attempts. Held by whoever holds the item, so by one thread at a time.</summary>
/// <param name="readAt">When it was read, as a timestamp of the run's clock.</param>
internal sealed class ItemAccount(long readAt)
{
    /// <summary>When it was read.</summary>
    public long ReadAt { get; } = readAt;

    /// <summary>What it is known by in other runs, where a journal is kept.</summary>
    public ItemKey Key { get; init; }

    /// <summary>Where it was taken from and must be accounted for; null if it was piped in.</summary>
    public IInputSource? Feed { get; init; }

    /// <summary>When it was first started; null if it never was.</summary>
    public long? StartedAt { get; set; }

    /// <summary>How often it was started.</summary>
    public int Attempts { get; set; }

    /// <summary>How many of its attempts ended with the death of their worker.</summary>
    public int Crashes { get; set; }

    /// <summary>How long its ended attempts ran together.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Processor time of its ended attempts, as far as it is known.</summary>
    public TimeSpan? CpuTime { get; set; }

    /// <summary>The attempt that failed, while the item waits for another: if none comes, it was the last.</summary>
    public ItemAttempt? Last { get; set; }
}
