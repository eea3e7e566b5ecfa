using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <summary>An item that has no worker to end it when the run is over.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Result">What became of it; null in runs that keep no account of items.</param>
/// <param name="Held">Records of its last attempt that were held back.</param>
internal sealed record UnfinishedItem(long Index, ItemResult? Result, IReadOnlyList<ItemRecord> Held);
