using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Items;

/// <summary>Where a worker gets its items. Workers pull: each takes the next when it is free.</summary>
internal interface IItemSource
{
    /// <summary>The way to take items before they start; null where there is none.</summary>
    IItemAhead? Ahead => null;

    /// <summary>Waits for the next item.</summary>
    /// <param name="item">The item, which is now this worker's to finish.</param>
    /// <returns>False when there will be no more: the worker is to return.</returns>
    [SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "The field's term.")]
    bool TryTake(out BatchItem item);
}
