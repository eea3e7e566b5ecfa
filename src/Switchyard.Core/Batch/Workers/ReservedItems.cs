using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// What a worker has taken and not begun, as it sends items elsewhere before they start. The lock also keeps an abandoned worker from
/// beginning what was given to others.
/// </summary>
internal sealed class ReservedItems(WorkerItems items, BoundedQueue<BatchItem> queue, StartGate? gate) : IItemAhead
{
    private readonly RingBuffer<BatchItem> _reserved = new(4);
    private bool _isClosed;

    public int Count => _reserved.Count;

    public bool OthersWait => queue.WaitingTakers > 0;

    public bool MayStart => !queue.IsCanceled && !items.MustLeave && gate is null or { CountsStarts: true } or { IsOpen: true };

    public bool TryReserve(bool waits, out BatchItem item)
    {
        if (items.MustLeave || !(waits ? items.TryTakeNext(out item) : TryTakeNow(out item)))
        {
            item = default;
            return false;
        }

        lock (_reserved)
        {
            if (_isClosed)
            {
                queue.Return(item);
                return false;
            }

            _reserved.AddLast(item);
        }

        // It has not begun, so if it may not pass it stays among the reserved.
        return !waits || gate?.Pass() != false;
    }

    public bool TryBegin()
    {
        lock (_reserved)
        {
            if (_isClosed || items.MustLeave)
            {
                return false;
            }

            items.SetCurrent(_reserved.RemoveFirst());
        }

        if (Count == 0 && queue.IsCompleted)
        {
            queue.NoteNoneComesBack();
        }

        items.BeginCurrent();
        return true;
    }

    public void Return(int count)
    {
        lock (_reserved)
        {
            for (; count > 0 && _reserved.Count > 0; count--)
            {
                queue.Return(_reserved.RemoveLast());
            }
        }
    }

    /// <summary>Takes out what there is, and lets no more come or begin.</summary>
    public BatchItem[] Close()
    {
        lock (_reserved)
        {
            _isClosed = true;
            BatchItem[] left = new BatchItem[_reserved.Count];
            for (int i = 0; i < left.Length; i++)
            {
                left[i] = _reserved.RemoveFirst();
            }

            return left;
        }
    }

    private bool TryTakeNow(out BatchItem item)
    {
        if (gate is null or { CountsStarts: false, IsOpen: true })
        {
            return items.TryTakeNow(out item);
        }

        item = default;
        return false;
    }
}
