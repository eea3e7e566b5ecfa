using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// The items in flight at one worker as their batch sees them: each begins when the one before it has ended. Used by the worker's
/// thread; only <see cref="RunTime"/> is read on others.
/// </summary>
internal sealed class ItemProgress(InFlightItems items, RunningItem running)
{
    private long _begunAt;

    public IItemAhead Source { get; private set; } = null!;

    public IItemSink Sink { get; set; } = null!;

    public bool HasBegun { get; private set; }

    /// <summary>Whether the batch gives no more items to this worker for now.</summary>
    public bool MustReturn { get; private set; }

    /// <summary>Whether the worker waits to be told to go on, after an item that has failed.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the worker gave items back during the item that runs: until that ends it gets no more, which would wait behind it again.</summary>
    public bool HasGivenBack { get; set; }

    public TimeSpan RunTime => Stopwatch.GetElapsedTime(Volatile.Read(ref _begunAt));

    public void BeginRun(IItemAhead source, IItemSink sink)
    {
        Source = source;
        Sink = sink;
        MustReturn = false;
    }

    /// <summary>What is read from now on is of no item.</summary>
    public void BeginFinish(IItemSink sink)
    {
        Sink = sink;
        MustReturn = false;
    }

    /// <summary>Waits for an item, where there is none.</summary>
    public bool TryReserveFirst()
    {
        if (Source.TryReserve(waits: true, out BatchItem item))
        {
            items.Add(item);
            return true;
        }

        MustReturn = true;
        return false;
    }

    /// <summary>Begins the first of the items, if it has not begun, and ends those whose end is decided already.</summary>
    public void BeginFirst(RemoteConnection? connection, ItemRecall? recall)
    {
        while (items.Count > 0 && !MustReturn && (HasBegun || TryBeginFirst(connection, recall)))
        {
            if (items.First.Decided is not { } decided)
            {
                return;
            }

            if (decided.Error is not null)
            {
                Sink.Write(RecordKind.Error, decided.Error);
            }

            EndFirst(decided.End);
        }
    }

    /// <summary>Forgets all items: the run takes them back or accounts for them.</summary>
    public void GiveUp()
    {
        running.End();
        items.Clear();
        HasBegun = HasGivenBack = IsPaused = false;
    }

    /// <summary>Takes back what the worker has not started and will not.</summary>
    /// <returns>How many items that was.</returns>
    public int TakeBack(WireReader reader)
    {
        long first = (long)reader.ReadVariable();
        int count = reader.ReadCount(0);
        bool isRight = items.TryTakeBack(first, count, HasBegun, out int free);
        Source.Return(free);
        HasGivenBack = count > 0;
        return isRight ? count : throw new MalformedFrameException(Messages.WorkerReturnedForeignItems);
    }

    public void EndFirst(in ItemEnd end)
    {
        running.End();
        items.RemoveFirst();
        HasBegun = false;
        HasGivenBack = false;
        Sink.Complete(end);
    }

    private bool TryBeginFirst(RemoteConnection? connection, ItemRecall? recall)
    {
        bool isHeldUp = IsPaused && items.First.IsSent;
        if (isHeldUp && !Source.MayStart)
        {
            // It has started nothing since an item failed, and gives back all that it has.
            recall?.AskBehind(items.Last.Id);
            return false;
        }

        if (!Source.TryBegin())
        {
            MustReturn = true;
            return false;
        }

        HasBegun = true;
        running.Begin(items.First.Id);
        Volatile.Write(ref _begunAt, Stopwatch.GetTimestamp());
        if (isHeldUp)
        {
            IsPaused = false;
            connection?.Frames.Write(FrameKind.GoOn);
        }

        return true;
    }
}
