using Switchyard.Core.Stopping;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Stops the items of a worker process: its worker is asked, then interrupted. Abandoning is the caller's to do, with the process.</summary>
internal sealed class ServerStops(IBatchWorker worker, WorkerInbox inbox, UserCodeInterrupter interrupter)
{
    private Task? _stopping;

    /// <summary>Whether a stop was begun that was not waited for: it may have come too late for its item, and none is to be started under it.</summary>
    public bool HasBegun => Volatile.Read(ref _stopping) is not null;

    /// <summary>Begins to stop an item, if it still runs.</summary>
    /// <param name="isFinal">Whether the worker is to run nothing more afterwards.</param>
    public void Begin(long itemId, bool isFinal)
    {
        if (itemId != 0 && inbox.Current != itemId)
        {
            return;
        }

        // Blocks until it has stopped, so not on this thread, which others wait for.
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _stopping, done.Task);
        new Thread(() => Stop(itemId, isFinal, done)) { IsBackground = true, Name = "Switchyard stop" }.Start();
    }

    /// <summary>Waits until no stop is on its way any more, as it would hit the next item.</summary>
    public void AwaitEnd() => Interlocked.Exchange(ref _stopping, null)?.Wait();

    private void Stop(long itemId, bool isFinal, TaskCompletionSource done)
    {
        StopLadder ladder = new(TimeSpan.Zero, () => Ask(itemId, isFinal), () => Interrupt(itemId), abandon: null);
        Timer unheard = new(_ => ladder.TakeStep(), null, ladder.NextGracePeriod, Timeout.InfiniteTimeSpan);
        try
        {
            ladder.TakeStep();
        }
        catch (Exception exception)
        {
            // One that cannot be stopped is killed by the caller, with its process.
            Debug.WriteLine(exception);
        }

        // Also waits for an interrupt that has just begun.
        unheard.DisposeAsync().AsTask().Wait();
        done.SetResult();
    }

    private void Ask(long itemId, bool isFinal)
    {
        if (isFinal)
        {
            worker.Stop();
        }
        else if (inbox.Current == itemId)
        {
            worker.StopItem();
        }
    }

    private void Interrupt(long itemId)
    {
        if (itemId != 0 && inbox.Current == itemId)
        {
            interrupter.Interrupt();
        }
    }
}
