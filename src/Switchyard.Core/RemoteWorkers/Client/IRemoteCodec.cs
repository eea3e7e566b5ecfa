using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Writes the items and reads the records of one worker. For one thread at a time.</summary>
internal interface IRemoteCodec
{
    /// <summary>A worker is about to begin the batch, the first or one in the place of another.</summary>
    /// <returns>What it can open streams to if it is far. They are served on threads of their own.</returns>
    IReadOnlyDictionary<string, TunnelService> Begin(bool isFar) => new Dictionary<string, TunnelService>();

    /// <summary>Writes an item. What it throws is that item's failure alone.</summary>
    /// <exception cref="ItemRefusedException">It is not to be sent.</exception>
    void WriteItem(WireWriter writer, in BatchItem item);

    /// <summary>
    /// Reads a record and hands on what it says. What it throws is its item's failure alone, other than <see cref="MalformedFrameException"/>.
    /// </summary>
    /// <param name="item">The item that wrote it; one without input if none did.</param>
    /// <returns>False if the item is to be stopped, as nothing more of it can be taken.</returns>
    /// <exception cref="WorkerStartException">The worker cannot run its items.</exception>
    bool ReadRecord(WireReader reader, RecordKind kind, in BatchItem item, IItemSink sink);

    /// <summary>Takes note of the end of an item, before that is told.</summary>
    /// <returns>How it has ended, with all that is known here.</returns>
    /// <exception cref="WorkerStartException">The worker cannot run any other.</exception>
    ItemEnd End(in BatchItem item, in ItemEnd end, IItemSink sink) => end;

    /// <summary>Forgets the item that was being read, whose worker is lost, after handing on what is left of it.</summary>
    /// <param name="sink">Takes that; null if nothing does.</param>
    void Drop(IItemSink? sink)
    {
    }
}
