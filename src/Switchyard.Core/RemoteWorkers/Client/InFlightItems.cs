using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>The items that a remote worker has to end, in the order in which it does. Used by the worker's thread; counts may be read elsewhere.</summary>
internal sealed class InFlightItems
{
    private readonly RingBuffer<InFlightItem> _leases = new(16);
    private long _lastId;

    /// <summary>How many there are.</summary>
    public int Count => _leases.Count;

    /// <summary>How many bytes were sent of items that have not ended.</summary>
    public long BytesOut { get; private set; }

    /// <summary>Whether the far end was told of any that it has to end itself.</summary>
    public bool HasSent
    {
        get
        {
            for (int i = 0; i < _leases.Count; i++)
            {
                if (_leases[i] is { IsSent: true, Verdict: null })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>The one that is or will be begun first; there must be one.</summary>
    public ref InFlightItem First => ref _leases[0];

    /// <summary>The one that comes last; there must be one.</summary>
    public ref InFlightItem Last => ref _leases[_leases.Count - 1];

    /// <summary>One in its place.</summary>
    /// <param name="index">Its distance from the first.</param>
    public ref InFlightItem this[int index] => ref _leases[index];

    /// <summary>Adds an item that was reserved.</summary>
    /// <param name="item">The item.</param>
    public void Add(in BatchItem item) => _leases.AddLast(new InFlightItem { Id = ++_lastId, Input = item.Input });

    /// <summary>The far end is being told of one.</summary>
    /// <param name="lease">The one.</param>
    /// <param name="bytes">How many bytes that takes.</param>
    public void NoteSent(ref InFlightItem lease, long bytes)
    {
        lease.IsSent = true;
        lease.Bytes = bytes;
        BytesOut += bytes;
    }

    /// <summary>The first has ended.</summary>
    public void RemoveFirst()
    {
        InFlightItem lease = _leases.RemoveFirst();
        BytesOut -= lease.IsSent ? lease.Bytes : 0;
    }

    /// <summary>The far end gives back what it has not started.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="isFirstBegun">Whether the first of all has been begun here: then it stays, and is sent again.</param>
    /// <param name="free">How many anybody may have now: those behind all that the far end keeps.</param>
    /// <returns>False if the far end did not have so many.</returns>
    public bool TryTakeBack(long first, int count, bool isFirstBegun, out int free)
    {
        free = 0;
        int left = count;
        for (int i = 0; i < _leases.Count && left > 0; i++)
        {
            ref InFlightItem lease = ref _leases[i];
            if (lease.Id >= first && lease is { IsSent: true, Verdict: null })
            {
                BytesOut -= lease.Bytes;
                lease.IsSent = false;
                left--;
            }
        }

        // An item that cannot be sent is no better here than elsewhere. One that was lost with its worker is known only here.
        while (count > 0 && _leases.Count > (isFirstBegun ? 1 : 0) && Last is { IsSent: false, Verdict: null or { End.Status: ItemStatus.Failed } })
        {
            _leases.RemoveLast();
            free++;
        }

        return left == 0;
    }

    /// <summary>
    /// The far end has died: nobody has been told of anything any more. Those behind the runningItem have not been started, and are taken out;
    /// those before it have been, but their ends are lost.
    /// </summary>
    /// <param name="runningItem">The item that it was on; 0 if it was on none.</param>
    /// <param name="judge">Says how that has ended; null to let it be run again.</param>
    /// <returns>How many anybody may have now.</returns>
    public int MarkCrashed(long runningItem, Func<object?, DecidedEnd>? judge)
    {
        BytesOut = 0;
        for (int i = 0; i < _leases.Count; i++)
        {
            ref InFlightItem lease = ref _leases[i];
            lease.IsSent = false;
            if (lease.Id == runningItem && judge is not null)
            {
                lease.Verdict = judge(lease.Input);
            }
        }

        int free = 0;
        while (_leases.Count > 1 && Last.Verdict is null && Last.Id > runningItem)
        {
            _leases.RemoveLast();
            free++;
        }

        return free;
    }
}
