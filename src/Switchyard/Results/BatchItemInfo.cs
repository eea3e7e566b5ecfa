using Switchyard.Core.Control;

namespace Switchyard;

/// <summary>An item of a batch that runs, which has ended: one of the slowest, or of those that failed.</summary>
public sealed class BatchItemInfo
{
    internal BatchItemInfo(EndedItemStatus item)
    {
        Index = item.Index;
        ItemText = item.Item;
        Status = item.Status;
        Duration = item.Duration;
        Error = item.Error;
    }

    /// <summary>Position of the item in the input, from 0.</summary>
    public long Index { get; }

    /// <summary>The item as a text.</summary>
    public string ItemText { get; }

    /// <summary>How it ended.</summary>
    public ItemStatus Status { get; }

    /// <summary>How long its last attempt took; null where items are too short for that to be noted.</summary>
    public TimeSpan? Duration { get; }

    /// <summary>The message of its last error; null if it has none.</summary>
    public string? Error { get; }
}
