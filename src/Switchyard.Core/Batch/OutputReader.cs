using System.Collections.Concurrent;
using Switchyard.Core.Items;
using Switchyard.Core.Journal;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>The way from the workers' lanes to the sink, through the order buffer if there is one. For the feeding thread only.</summary>
internal sealed class OutputReader
{
    private const int HeldRecords = 65536;

    private readonly WorkerPool _pool;
    private readonly WakeSignal _signal;
    private readonly OrderBuffer? _order;
    private readonly bool _headMayWait;
    private readonly RunJournal? _journal;
    private readonly ConcurrentQueue<ItemRecord> _notices = new();
    private ItemRecord[] _spare = new ItemRecord[16];

    /// <summary>Reads nothing yet.</summary>
    /// <param name="pool">Whose lanes.</param>
    /// <param name="signal">Announces what is in them.</param>
    /// <param name="keepsOrder">Whether records are written in the order of the input.</param>
    /// <param name="headMayWait">Whether the first unfinished item may be with no worker, as it waits to be tried again, or in the chunk of one that must wait or was left behind.</param>
    /// <param name="journal">Where what is written must be noted first; null for nowhere.</param>
    public OutputReader(WorkerPool pool, WakeSignal signal, bool keepsOrder, bool headMayWait, RunJournal? journal)
    {
        _pool = pool;
        _signal = signal;
        _order = keepsOrder ? new OrderBuffer(HeldRecords) : null;
        _headMayWait = headMayWait;
        _journal = journal;
    }

    /// <summary>How many items are unfinished or held, if order is kept.</summary>
    /// <param name="read">How many were read.</param>
    /// <returns>Their number; 0 if order is not kept.</returns>
    public long CountAhead(long read) => _order is null ? 0 : read - _order.Head;

    /// <summary>Adds a record of the run's own. The only member that any thread may call.</summary>
    /// <param name="notice">The record, of no item or of one that no worker was given.</param>
    public void Announce(in ItemRecord notice)
    {
        _notices.Enqueue(notice);
        _signal.Announce();
        _signal.Set();
    }

    /// <summary>Whether there is something to write.</summary>
    /// <returns>True if so.</returns>
    public bool HasOutput()
    {
        if (!_notices.IsEmpty)
        {
            return true;
        }

        foreach (WorkerThread slot in _pool.Slots)
        {
            if (MayRead(slot) && !slot.Output.IsEmpty())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether everything was read.</summary>
    /// <returns>True if so.</returns>
    public bool AreBuffersEmpty() => Array.TrueForAll(_pool.Slots, slot => slot.Output.IsEmpty());

    /// <summary>Writes what is ready.</summary>
    /// <param name="sink">Takes it.</param>
    public void Drain(IResultSink sink)
    {
        _signal.TakeAnnounced();
        while (_notices.TryDequeue(out ItemRecord notice))
        {
            Write(notice, sink);
        }

        foreach (WorkerThread slot in _pool.Slots)
        {
            if (!slot.Output.LooksEmpty && MayRead(slot))
            {
                Drain(slot, sink);
            }
        }
    }

    /// <summary>Writes all there is, once the workers have ended, and then what items without a worker left.</summary>
    /// <param name="unfinished">What is left, by index.</param>
    /// <param name="sink">Takes it.</param>
    public void WriteRest(IEnumerable<UnfinishedItem> unfinished, IResultSink sink)
    {
        foreach (WorkerThread slot in _pool.Slots)
        {
            Drain(slot, sink);
        }

        if (_journal?.TryFlush() == false)
        {
            return;
        }

        foreach (UnfinishedItem item in unfinished)
        {
            foreach (ItemRecord record in item.Held)
            {
                Write(record, sink);
            }

            Write(new ItemRecord(item.Index, RecordKind.End, item.Result), sink);
        }

        _order?.Flush(sink);
    }

    private void Drain(WorkerThread slot, IResultSink sink)
    {
        int count = slot.Output.TakeAll(ref _spare);
        if (count > 0 && _journal?.TryFlush() == false)
        {
            // The run is over, and says why. What is not noted is not handed on either: it will be run again.
            Array.Clear(_spare, 0, count);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            ItemRecord record = _spare[i];
            _spare[i] = default;
            Write(record, sink);
        }
    }

    private void Write(in ItemRecord record, IResultSink sink)
    {
        if (_order is not null && record.Index != ItemRecord.NoItem)
        {
            _order.Add(record, sink);
        }
        else
        {
            record.WriteTo(sink);
        }
    }

    // A buffer that is full of later items' records takes only what brings it forward. The others' lanes fill up and their
    // workers wait; the head's worker never does, and as items are taken in order there always is one. Unless items are tried
    // again, or workers held back or left behind: a head that waits for that needs a worker when its time comes, so none may be
    // kept waiting here.
    // What is held is then bounded by how far input is read ahead.
    private bool MayRead(WorkerThread slot) =>
        _headMayWait || _order is not { IsOverfull: true } || slot.CurrentIndex == _order.Head || slot.Output.Holds(_order.Head);
}
