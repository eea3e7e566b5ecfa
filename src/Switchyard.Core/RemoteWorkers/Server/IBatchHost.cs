using Switchyard.Core.Items;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>What runs batches in a worker process, one after another.</summary>
public interface IBatchHost
{
    /// <summary>Begins a batch.</summary>
    /// <param name="settings">What the caller wrote of it.</param>
    /// <param name="sink">Takes what is written past the batch's items.</param>
    /// <returns>The batch.</returns>
    IHostedBatch Begin(WireReader settings, IItemSink sink);

    /// <summary>Writes why a batch cannot begin.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="cause">What was thrown.</param>
    void WriteFailure(WireWriter writer, Exception cause);

    /// <summary>Makes sure that the next batch finds nothing of the last one.</summary>
    /// <returns>False if that cannot be done: then there is to be no next one.</returns>
    bool TryReset();
}
