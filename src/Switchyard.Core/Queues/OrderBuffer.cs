namespace Switchyard.Core.Queues;

/// <summary>
/// Puts records back into the order of the input. The first unfinished item, the head, writes straight through; what later items
/// wrote is kept until their turn. Its owner keeps it bounded: it admits no item too far ahead of the head and, when
/// <see cref="IsOverfull"/>, reads the head's records only.
/// </summary>
/// <param name="maxRecords">How many records it keeps before <see cref="IsOverfull"/> says so.</param>
/// <param name="written">Told of each item that has ended and of which all is written; null if that is not asked for.</param>
internal sealed class OrderBuffer(int maxRecords, Action<long>? written = null)
{
    private Held[] _ring = new Held[64];
    private int _held;

    /// <summary>Index of the first item that has not ended.</summary>
    public long Head { get; private set; }

    public bool IsOverfull => _held >= maxRecords;

    /// <summary>Takes a record, and writes all whose turn it is. The last record of each item is its <see cref="RecordKind.End"/>.</summary>
    public void Add(in ItemRecord record, IResultSink sink)
    {
        if (record.Index == Head)
        {
            if (record.Kind == RecordKind.End)
            {
                record.WriteTo(sink);
                written?.Invoke(Head);
                Advance(sink);
            }
            else
            {
                sink.Write(record);
            }
        }
        else if (record.Index < 0 || record.Kind == RecordKind.Progress)
        {
            // A worker's own records have no place in the order, and progress is of no use later.
            sink.Write(record);
        }
        else
        {
            Hold(record);
        }
    }

    private void Hold(in ItemRecord record)
    {
        long ahead = record.Index - Head;
        while (ahead >= _ring.Length)
        {
            Grow();
        }

        ref Held held = ref _ring[record.Index & (_ring.Length - 1)];
        if (record.Kind == RecordKind.End)
        {
            held.Ended = true;
            if (record.Value is null)
            {
                return;
            }
        }

        // Most items have one record: only the others pay for a list.
        if (held.HasFirst)
        {
            (held.More ??= []).Add(record);
        }
        else
        {
            held.First = record;
            held.HasFirst = true;
        }

        _held++;
    }

    /// <summary>Writes what is held of items whose turn will not come, as items before them will not end.</summary>
    public void Flush(IResultSink sink)
    {
        while (_held > 0)
        {
            Advance(sink);
        }
    }

    private void Advance(IResultSink sink)
    {
        while (true)
        {
            Head++;
            ref Held entry = ref _ring[Head & (_ring.Length - 1)];
            Held held = entry;
            entry = default;
            if (held.HasFirst)
            {
                _held--;
                held.First.WriteTo(sink);
            }

            if (held.More is not null)
            {
                _held -= held.More.Count;
                foreach (ItemRecord record in held.More)
                {
                    record.WriteTo(sink);
                }
            }

            if (!held.Ended)
            {
                return;
            }

            written?.Invoke(Head);
        }
    }

    private void Grow()
    {
        Held[] larger = new Held[_ring.Length * 2];
        for (long index = Head; index < Head + _ring.Length; index++)
        {
            larger[index & (larger.Length - 1)] = _ring[index & (_ring.Length - 1)];
        }

        _ring = larger;
    }

    private struct Held
    {
        public ItemRecord First;
        public List<ItemRecord>? More;
        public bool HasFirst;
        public bool Ended;
    }
}
