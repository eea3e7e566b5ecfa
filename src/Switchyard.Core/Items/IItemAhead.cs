namespace Switchyard.Core.Items;

/// <summary>
/// The way for a worker that runs its items elsewhere to take some before they start: they are reserved, sent, and each is begun when
/// it is known to have started. Called on the worker's thread only.
/// </summary>
internal interface IItemAhead
{
    /// <summary>Whether other workers wait for items, or none is to start: then none should be held that has not started.</summary>
    bool OthersWait { get; }

    /// <summary>Whether items may be started at this moment: not once enough have failed, nor while a server asked to wait or the run is suspended.</summary>
    bool MayStart { get; }

    /// <summary>Reserves the next item.</summary>
    /// <param name="waits">Whether to wait for one. Otherwise, and where no item may be taken before it starts, there may be none now.</param>
    /// <param name="item">The item, which is now this worker's to begin or to give back.</param>
    /// <returns>False if there is none, or no item may be begun any more.</returns>
    bool TryReserve(bool waits, out BatchItem item);

    /// <summary>Begins the item that was reserved first: from here on it is the current one.</summary>
    /// <returns>False if no item may be begun: the worker is to return, and what it has reserved stays so.</returns>
    bool TryBegin();

    /// <summary>Gives back the items that were reserved last, for others to take.</summary>
    void Return(int count);
}
