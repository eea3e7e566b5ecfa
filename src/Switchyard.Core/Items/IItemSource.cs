namespace Switchyard.Core.Items;

/// <summary>Where a worker gets its items. Workers pull: each takes the next when it is free.</summary>
internal interface IItemSource
{
    /// <summary>The way to take items before they start; null where there is none.</summary>
    IItemAhead? Ahead => null;

    /// <summary>Waits for the next item.</summary>
    /// <returns>False when there will be no more: the worker is to return.</returns>
    bool TryTake(out BatchItem item);
}
