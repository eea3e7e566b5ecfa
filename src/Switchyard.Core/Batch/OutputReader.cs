using System.Collections.Concurrent;
using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Journal;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>The way from the workers' buffers to the sink, through the order buffer if there is one. For the thread that pumps the run only.</summary>
/// <param name="headMayWait">
/// Whether the first unfinished item may be with no worker: it waits to be tried again, or is in the chunk of a worker that must wait or
/// was abandoned.
/// </param>
/// <param name="journal">Where what is written must be noted first; null if there is none.</param>
/// <param name="wantsNoMore">Tells whether a sink that threw has taken the record all the same; null if none does.</param>
internal sealed class OutputReader(
    WorkerPool pool, WakeSignal signal, bool keepsOrder, Func<bool> headMayWait, RunJournal? journal, Func<Exception, bool>? wantsNoMore)
{
    private const int HeldRecords = 65536;

    private readonly OrderBuffer? _order = keepsOrder ? new OrderBuffer(HeldRecords, journal is null ? null : journal.NoteHandedOn) : null;
    private readonly SortedDictionary<int, List<ItemRecord>>? _sums = keepsOrder ? [] : null;
    private readonly ConcurrentQueue<ItemRecord> _notices = new();
    private ItemRecord[] _spare = new ItemRecord[16];
    private int _next;
    private int _count;

    /// <summary>How many of the items that were read are unfinished or held, if order is kept; 0 if it is not.</summary>
    public long CountAhead(long read) => _order is null ? 0 : read - _order.Head;

    /// <summary>Adds a record of the run's own: of no item, or of one that no worker was given. The only member that any thread may call.</summary>
    public void Announce(in ItemRecord notice)
    {
        _notices.Enqueue(notice);
        signal.Announce();
        signal.Set();
    }

    public bool HasOutput()
    {
        if (!_notices.IsEmpty)
        {
            return true;
        }

        foreach (WorkerThread worker in pool.Workers)
        {
            if (MayRead(worker) && !worker.Output.IsEmpty())
            {
                return true;
            }
        }

        return false;
    }

    public bool AreBuffersEmpty() => Array.TrueForAll(pool.Workers, worker => worker.Output.IsEmpty());

    public void Drain(IResultSink sink)
    {
        signal.TakeAnnounced();
        while (_notices.TryDequeue(out ItemRecord notice))
        {
            Write(notice, sink);
        }

        foreach (WorkerThread worker in pool.Workers)
        {
            if (!worker.Output.IsEmptySnapshot && MayRead(worker))
            {
                Drain(worker, sink);
            }
        }
    }

    /// <summary>Writes all there is, once the workers have ended, and then what items without a worker left.</summary>
    public void WriteRest(IEnumerable<UnfinishedItem> unfinished, IResultSink sink)
    {
        foreach (WorkerThread worker in pool.Workers)
        {
            Drain(worker, sink);
        }

        foreach (UnfinishedItem item in journal?.TryFlush() == false ? [] : unfinished)
        {
            foreach (ItemRecord record in item.Held)
            {
                Write(record, sink);
            }

            Write(new ItemRecord(item.Index, RecordKind.End, item.Result), sink);
        }

        _order?.Flush(sink);
        foreach (ItemRecord record in _sums?.Values.SelectMany(records => records) ?? [])
        {
            record.WriteTo(sink);
        }

        _sums?.Clear();
    }

    private void Drain(WorkerThread worker, IResultSink sink)
    {
        int count = _count = worker.Output.TakeAll(ref _spare);
        bool isNoted = count == 0 || journal?.TryFlush() != false;
        for (int i = 0; i < count; i++)
        {
            _next = i + 1;
            ItemRecord record = _spare[i];
            _spare[i] = default;
            if (_sums is not null && record is { Index: ItemRecord.NoItem, Kind: RecordKind.Output })
            {
                // What a worker has summed up over its items: after those of all, in the order of workers.
                HoldSum(worker.Number, record);
                continue;
            }

            // The run is over and says why. What is not noted is not handed on: it will be run again. What is will not be.
            if (isNoted ? journal?.IsOver != true : journal!.IsNoted(record.Index))
            {
                Write(record, sink);
            }
        }

        _count = 0;
    }

    // What ends next has had all that it wrote taken, which of a group is all that its items wrote.
    private void NoteTaken(long index, long taken)
    {
        bool isAll = index != ItemRecord.NoItem && index == taken && _next < _count && _spare[_next] is { Kind: RecordKind.End, Value: null };
        for (int i = _next; isAll && i < _count && _spare[i] is { Kind: RecordKind.End, Value: null }; i++)
        {
            journal!.NoteHandedOn(_spare[i].Index);
        }

        if (!isAll)
        {
            journal!.NoteTaken(index);
        }
    }

    private void HoldSum(int worker, in ItemRecord record)
    {
        if (!_sums!.TryGetValue(worker, out List<ItemRecord>? records))
        {
            _sums.Add(worker, records = []);
        }

        records.Add(record);
    }

    private void Write(in ItemRecord record, IResultSink sink)
    {
        bool isOrdered = _order is not null && record.Index != ItemRecord.NoItem;
        try
        {
            if (isOrdered)
            {
                _order!.Add(record, sink);
                return;
            }

            record.WriteTo(sink);
        }
        catch (Exception exception) when (journal is not null && wantsNoMore?.Invoke(exception) == true)
        {
            NoteTaken(isOrdered ? _order!.Head : record.Index, record.Index);
            throw;
        }

        if (record.Kind is RecordKind.End)
        {
            journal?.NoteHandedOn(record.Index);
        }
    }

    // An order buffer that is full of later items' records takes only what brings it forward. The other workers' buffers fill up and
    // they wait; the first unfinished item's worker never does, and as items are taken in order there always is one. Unless that item
    // may be with no worker: it then needs one when its time comes, so none may be kept waiting here, and what is held is bounded by
    // how far input is read ahead.
    private bool MayRead(WorkerThread worker) =>
        headMayWait() || _order is not { IsOverfull: true } || worker.Items.CurrentIndex == _order.Head || worker.Output.Holds(_order.Head);
}
