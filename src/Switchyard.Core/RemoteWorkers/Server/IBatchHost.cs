using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>What runs batches in a worker process, one after another.</summary>
internal interface IBatchHost
{
    /// <summary>Begins a batch.</summary>
    /// <param name="folder">Where its items run, as their files are there; null if that is for the batch itself to say.</param>
    IHostedBatch Begin(WireReader settings, IItemSink sink, string? folder);

    /// <summary>Writes why a batch cannot begin.</summary>
    void WriteFailure(WireWriter writer, Exception cause);

    /// <summary>Makes sure that the next batch finds nothing of the last one.</summary>
    /// <returns>False if that cannot be done: then there is to be no next one.</returns>
    bool TryReset();
}
