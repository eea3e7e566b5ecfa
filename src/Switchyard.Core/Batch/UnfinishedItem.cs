namespace Switchyard.Core.Batch;

/// <summary>An item that no worker will end when the run is over. It has no result in runs that keep no accounts.</summary>
internal sealed record UnfinishedItem(long Index, ItemResult? Result, IReadOnlyList<ItemRecord> Held);
