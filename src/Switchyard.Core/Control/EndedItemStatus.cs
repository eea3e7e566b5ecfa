namespace Switchyard.Core.Control;

/// <summary>An item of a batch that has ended, as others are told of it.</summary>
internal sealed record EndedItemStatus(long Index, string Item, ItemStatus Status, TimeSpan? Duration, string? Error);
