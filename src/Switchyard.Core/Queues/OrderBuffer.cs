using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

/// <summary>
/// Puts records back into the order of the input. The first unfinished item, the head, writes straight through; what later items
/// wrote is kept until their turn. Its owner keeps it bounded: it admits no item too far ahead of the head and, when
/// <see cref="IsOverfull"/>, reads the head's records only.
/// </summary>
public sealed class OrderBuffer
{
    private readonly int _maxRecords;
    private Held[] _ring = new Held[64];
    private int _held;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="maxRecords">How many records it keeps before it calls itself overfull.</param>
    public OrderBuffer(int maxRecords) => _maxRecords = maxRecords;

    /// <summary>Index of the first item that has not ended.</summary>
    public long Head { get; private set; }

    /// <summary>Whether it keeps as much as it may.</summary>
    public bool IsOverfull => _held >= _maxRecords;

    /// <summary>Takes a record and writes all that is due.</summary>
    /// <param name="record">The record, with <see cref="RecordKind.End"/> as the last of each item.</param>
    /// <param name="sink">Where records go in order.</param>
    public void Add(in ItemRecord record, IResultSink sink)
    {
        if (record.Index == Head)
        {
            if (record.Kind == RecordKind.End)
            {
                record.WriteTo(sink);
                Advance(sink);
            }
            else
            {
                sink.Write(record);
            }
        }
        else if (record.Index < 0 || record.Kind == RecordKind.Progress)
        {
            // A worker's own words have no place in the order, and progress is worth nothing later.
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

        // Most items leave one record: only the others pay for a list.
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
    /// <param name="sink">Where it goes, in order.</param>
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
            ref Held slot = ref _ring[Head & (_ring.Length - 1)];
            Held held = slot;
            slot = default;
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
