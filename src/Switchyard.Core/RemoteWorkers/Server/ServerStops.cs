using System.Diagnostics;
using Switchyard.Core.Batch;
using Switchyard.Core.Items;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Stops a far end's items: its worker is asked first, and interrupted if it does not listen.</summary>
internal sealed class ServerStops(IBatchWorker worker, WorkerInbox inbox, UserCodeInterrupter interrupter)
{
    // As long as a worker in the caller's own process has to listen, before its thread is interrupted.
    private static readonly TimeSpan _askGracePeriod = TimeSpan.FromMilliseconds(200);

    private Task _stopping = Task.CompletedTask;

    /// <summary>Begins to stop an item, if it still runs.</summary>
    /// <param name="lease">The item; 0 for whatever runs.</param>
    /// <param name="isFinal">Whether the worker is to run nothing more afterwards.</param>
    public void Begin(long lease, bool isFinal)
    {
        if (lease != 0 && inbox.Current != lease)
        {
            return;
        }

        // Blocks until it has stopped, so not on this thread, which others wait for.
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _stopping, done.Task);
        new Thread(() => Stop(lease, isFinal, done)) { IsBackground = true, Name = "Switchyard stop" }.Start();
    }

    /// <summary>Waits until nothing that was to stop an item is on its way any more, which would hit the next.</summary>
    public void AwaitEnd() => Volatile.Read(ref _stopping).Wait();

    private void Stop(long lease, bool isFinal, TaskCompletionSource done)
    {
        using Timer deaf = new(
            _ =>
            {
                if (lease != 0 && inbox.Current == lease)
                {
                    interrupter.Interrupt();
                }
            },
            null,
            _askGracePeriod,
            Timeout.InfiniteTimeSpan);
        try
        {
            if (isFinal)
            {
                worker.Stop();
            }
            else if (inbox.Current == lease)
            {
                worker.StopItem();
            }
        }
        catch (Exception exception)
        {
            // One that cannot be stopped is killed by the caller, with its process.
            Debug.WriteLine(exception);
        }

        done.SetResult();
    }
}
