namespace Switchyard.Core.Batch;

/// <summary>An item that has ended, and is worth to be told of.</summary>
/// <param name="Duration">How long its last attempt took; null where it was too short to be measured.</param>
/// <param name="Error">The last error that it wrote; null if it wrote none.</param>
internal sealed record EndedItem(long Index, object? Input, ItemStatus Status, TimeSpan? Duration, object? Error);
