using Switchyard.Core.RemoteWorkers.Client.Connections;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Stops what a remote worker does, and ends its process if that does not listen. On any thread but the worker's.</summary>
/// <param name="grace">How long an item that was asked to stop has until its worker is killed.</param>
internal sealed class WorkerStops(RunningItem running, CurrentConnection connection, TimeSpan grace)
{
    /// <param name="item">The item that is to stop; 0 for none.</param>
    /// <param name="isFinal">Whether the worker is to do nothing more afterwards.</param>
    public void Request(long item, bool isFinal)
    {
        connection.Use(process =>
        {
            // It may not even read that it is to stop, nor what it is just being sent.
            using Timer kill = new(_ => KillFor(item, process), null, grace, Timeout.InfiniteTimeSpan);
            process.RequestStop(item, isFinal);
        });

        if (!running.TryAwaitEnd(item, grace) || (isFinal && !connection.TryAwaitOpened(grace)))
        {
            connection.Use(process => process.Kill());
        }
    }

    private void KillFor(long item, RemoteConnection process)
    {
        if (running.TryNoteKill(item))
        {
            process.Kill();
        }
    }
}
