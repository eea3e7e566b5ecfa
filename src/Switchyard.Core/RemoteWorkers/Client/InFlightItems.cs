using Switchyard.Core.Queues;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>The items that a remote worker has to end, in the order in which it does. Used by the worker's thread; counts may be read elsewhere.</summary>
internal sealed class InFlightItems
{
    private readonly RingBuffer<InFlightItem> _items = new(16);
    private long _lastId;

    public int Count => _items.Count;

    /// <summary>How many bytes were sent of items that have not ended.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Whether the worker was sent any that it has to end itself.</summary>
    public bool HasSent
    {
        get
        {
            for (int i = 0; i < _items.Count; i++)
            {
                if (_items[i] is { IsSent: true, Decided: null })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The one that is or will be begun first; there must be one.</summary>
    public ref InFlightItem First => ref _items[0];

    /// <summary>The one that comes last; there must be one.</summary>
    public ref InFlightItem Last => ref _items[_items.Count - 1];

    public ref InFlightItem this[int index] => ref _items[index];

    public void Add(in BatchItem item) => _items.AddLast(new InFlightItem { Id = TakeId(), Item = item });

    /// <summary>Makes an id that nothing else at the worker goes by.</summary>
    public long TakeId() => ++_lastId;

    public void NoteSent(ref InFlightItem item, long bytes)
    {
        item.IsSent = true;
        item.Bytes = bytes;
        BytesOut += bytes;
    }

    public void RemoveFirst()
    {
        InFlightItem item = _items.RemoveFirst();
        BytesOut -= item.IsSent ? item.Bytes : 0;
    }

    public void Clear()
    {
        while (Count > 0)
        {
            RemoveFirst();
        }
    }

    /// <summary>The worker gives back what it has not started.</summary>
    /// <returns>False if the worker did not have so many.</returns>
    public bool TryTakeBack(long first, int count, bool isFirstBegun, out int free)
    {
        free = 0;
        int left = count;
        for (int i = 0; i < _items.Count && left > 0; i++)
        {
            ref InFlightItem item = ref _items[i];
            if (item.Id >= first && item is { IsSent: true, Decided: null })
            {
                BytesOut -= item.Bytes;
                item.IsSent = false;
                left--;
            }
        }

        // An item that cannot be sent may fail here or elsewhere. One that was lost with its worker is known only here.
        while (count > 0 && _items.Count > (isFirstBegun ? 1 : 0) && Last is { IsSent: false, Decided: null or { End.Status: ItemStatus.Failed } })
        {
            _items.RemoveLast();
            free++;
        }

        return left == 0;
    }

    /// <summary>
    /// The worker has died, so nothing counts as sent. Those behind the item that it was running have not been started, and are taken out;
    /// those before it have been, but their ends are lost.
    /// </summary>
    /// <param name="decide">Says how that has ended; null to let it be run again.</param>
    public int MarkCrashed(long runningItem, Func<object?, DecidedEnd>? decide)
    {
        BytesOut = 0;
        for (int i = 0; i < _items.Count; i++)
        {
            ref InFlightItem item = ref _items[i];
            item.IsSent = false;
            if (item.Id == runningItem && decide is not null)
            {
                item.Decided = decide(item.Input);
            }
        }

        int free = 0;
        while (_items.Count > 1 && Last.Decided is null && Last.Id > runningItem)
        {
            _items.RemoveLast();
            free++;
        }

        return free;
    }
}
