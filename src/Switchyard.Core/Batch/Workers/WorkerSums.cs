using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch.Workers;

/// <summary>Counts the items of one worker of which what they have summed up was not written yet. In runs that sum nothing up it counts nothing.</summary>
internal sealed class WorkerSums(RunState state, int number, OutputBuffer output)
{
    private readonly Func<int, long, ItemRecord>? _lost = state.Options.SumsLost;
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Items have ended, of a group all. Those that have taken their worker along have summed nothing up that is still there.</summary>
    public void Note(ItemStatus status, int count)
    {
        if (_lost is not null && status is not ItemStatus.Crashed)
        {
            Volatile.Write(ref _count, _count + count);
        }
    }

    /// <summary>They were written or are lost, which is told and counts as a failure.</summary>
    public void End(SumsEnd end)
    {
        if (end is SumsEnd.Lost && TakeLost() is { } record)
        {
            output.Add(record);
        }
        else if (end is SumsEnd.Failed)
        {
            state.NoteFailure();
        }

        Volatile.Write(ref _count, 0);
    }

    /// <summary>The worker is left to itself with them. On any thread.</summary>
    /// <returns>What is to be told of that; null for nothing.</returns>
    public ItemRecord? TakeLost()
    {
        long count = Interlocked.Exchange(ref _count, 0);
        if (count == 0)
        {
            return null;
        }

        state.NoteFailure();
        return _lost!(number, count);
    }
}
