namespace Switchyard.Core.Batch.Workers;

/// <summary>The workers that a run has, and how many of them are what. Read on any thread; one at a time adds.</summary>
internal sealed class WorkerRoster
{
    private WorkerThread[] _workers = [];

    public WorkerThread[] All => Volatile.Read(ref _workers);

    /// <summary>Whether a worker holds items that it has not begun.</summary>
    public bool HasReserved => Any(static worker => worker.ReservedCount > 0);

    public bool RunsOne => Any(static worker => worker.IsLive && worker.Phase == WorkerPhase.Running);

    public int CountLive() => Sum(static worker => worker.IsLive ? 1 : 0);

    /// <summary>Counts those that are there to stay. One that is stuck will have room, or leave.</summary>
    public int CountStaying() => Sum(static worker => worker.IsStuck || (worker.IsLive && !worker.IsOutgoing) ? 1 : 0);

    /// <summary>Counts what workers have taken ahead: it waits, too, and can be got back.</summary>
    public int CountReserved() => Sum(static worker => worker.ReservedCount);

    public bool Any(Predicate<WorkerThread> isMeant) => Array.Exists(All, isMeant);

    /// <summary>Adds one. Abandoned workers stay until what they wrote is read and their thread has ended.</summary>
    public void Add(WorkerThread worker) =>
        Volatile.Write(ref _workers, [.. _workers.Where(other => !other.IsGone), worker]);

    // No iterator: it is asked for each item that is added.
    private int Sum(Func<WorkerThread, int> count)
    {
        int sum = 0;
        foreach (WorkerThread worker in All)
        {
            sum += count(worker);
        }

        return sum;
    }
}
