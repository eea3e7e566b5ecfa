using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>A worker that runs a delegate for each item, and has at most one named fault.</summary>
internal sealed class ScriptedWorker(ScriptedWorkers owner, int number, WorkerFault fault) : IBatchWorker
{
    private readonly Gate _stopping = new();
    private Gate _itemStopping = new();
    private int _stops;
    private int _itemStops;

    public Gate Disposed { get; } = new();

    public Gate Abandoned { get; } = new();

    public int Number => number;

    public string? HostName => owner.Host(number);

    public int ItemStops => Volatile.Read(ref _itemStops);

    public int Stops => Volatile.Read(ref _stops);

    public void Open(IItemSink sink)
    {
        switch (fault)
        {
            case WorkerFault.ThrowOnOpen:
                throw new WorkerStartException($"Worker {number} cannot start.");
            case WorkerFault.HangInOpen:
                sink.EnterUserCode();
                try
                {
                    Thread.Sleep(Timeout.Infinite);
                }
                finally
                {
                    sink.LeaveUserCode();
                }

                break;
            default:
                owner.OnOpen?.Invoke(number, sink);
                break;
        }

        owner.NoteOpened();
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        Gate itemStopping = new();
        Volatile.Write(ref _itemStopping, itemStopping);
        ItemContext context = new(number, _stopping, itemStopping, sink);
        while (source.TryTake(out BatchItem item))
        {
            if (fault == WorkerFault.ThrowInRun)
            {
                throw new InvalidOperationException($"Worker {number} broke.");
            }

            try
            {
                owner.Body(item, context);
                sink.Complete(ItemStatus.Succeeded);
            }
            catch (OperationCanceledException)
            {
                sink.Complete(ItemStatus.Canceled);
                return;
            }
            catch (EndedException ended)
            {
                sink.Complete(ended.End with { HostName = HostName });
            }
            catch (RefusedException refused)
            {
                sink.Complete(new ItemEnd(ItemStatus.Failed) { RetryAfter = refused.RetryAfter });
            }
            catch (Exception exception) when (fault != WorkerFault.ThrowOnFailure && exception is not WorkerStartException)
            {
                // Also an interrupt, which a script cannot tell from any other error.
                sink.Write(RecordKind.Error, exception);
                sink.Complete(ItemStatus.Failed);
            }
        }
    }

    public void Finish(IItemSink sink)
    {
        owner.OnFinish?.Invoke(new ItemContext(number, _stopping, _itemStopping, sink));
        sink.EndSums(SumsEnd.Written);
    }

    public void StopItem()
    {
        Interlocked.Increment(ref _itemStops);
        if (fault is not WorkerFault.DeafToStop)
        {
            Volatile.Read(ref _itemStopping).Open();
        }
    }

    public void Stop()
    {
        Interlocked.Increment(ref _stops);
        switch (fault)
        {
            case WorkerFault.DeafToStop:
                break;
            case WorkerFault.ThrowOnStop:
                throw new InvalidOperationException("Cannot stop.");
            default:
                _stopping.Open();
                break;
        }
    }

    public void Abandon() => Abandoned.Open();

    public void Dispose()
    {
        // The gates stay usable: a stop may still be on its way on another thread.
        Disposed.Open();
        if (fault == WorkerFault.ThrowOnDispose)
        {
            throw new InvalidOperationException("Cannot be put away.");
        }
    }
}
