using Switchyard.Core.Policies;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>
/// What a worker has taken and not begun, as it sends items elsewhere before they start. The lock also keeps an abandoned worker from
/// beginning what was given to others.
/// </summary>
internal sealed class ReservedItems(WorkerItems items, RunState state) : IItemAhead
{
    private readonly BoundedQueue<BatchItem> _queue = state.Queue;
    private readonly StartGate? _gate = state.Gate;
    private readonly RingBuffer<BatchItem> _reserved = new(4);
    private bool _isClosed;

    public int Count => _reserved.Count;

    public bool OthersWait => _queue.WaitingTakers > 0 || state.Throttle.IsSuspended;

    public bool MayStart => !_queue.IsCanceled && !items.MustLeave && !state.Throttle.IsSuspended && _gate is null or { CountsStarts: true } or { IsOpen: true };

    public bool TryReserve(bool waits, out BatchItem item)
    {
        do
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
                    state.PutBack(item);
                    return false;
                }

                _reserved.AddLast(item);
            }

            // It has not begun, so if it may not pass it stays among the reserved.
            if (waits && _gate?.Pass() == false)
            {
                return false;
            }
        }
        while (IsDropped(item) || IsTooMany(waits));
        return true;
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

        if (Count == 0 && _queue.IsCompleted)
        {
            _queue.NoteNoneComesBack();
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
                state.PutBack(_reserved.RemoveLast());
            }
        }
    }

    /// <summary>Gives back all there is, the first last, and lets no more come or begin.</summary>
    public void GiveBack()
    {
        BatchItem[] left = Close();
        for (int i = left.Length - 1; i >= 0; i--)
        {
            state.PutBack(left[i]);
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

    /// <summary>Whether an item that was just reserved is a copy of one that has ended while this one waited to start, and was given back.</summary>
    private bool IsDropped(in BatchItem item)
    {
        if (item.Account?.CopyOf is null || state.Speculation!.IsWanted(item))
        {
            return false;
        }

        Return(1);
        return true;
    }

    /// <summary>Whether the throttle was lowered while the item that was just reserved waited to start: it was given back.</summary>
    private bool IsTooMany(bool hasWaited)
    {
        if (!hasWaited || _gate is null || items.MayStay)
        {
            return false;
        }

        Return(1);
        return true;
    }

    private bool TryTakeNow(out BatchItem item)
    {
        if (_gate is null or { CountsStarts: false, IsOpen: true })
        {
            return items.TryTakeNow(out item);
        }

        item = default;
        return false;
    }
}
