using Switchyard.Core.Control;

namespace Switchyard.Terminal;

/// <summary>What the screen shows: the batches, which of them in full, and what is said in its last line.</summary>
internal sealed class ScreenState
{
    /// <summary>The batches that run.</summary>
    public IReadOnlyList<BatchStatus> Batches { get; private set; } = [];

    /// <summary>The one that is shown in full; null if none runs.</summary>
    public BatchStatus? Selected { get; private set; }

    /// <summary>The worker of that which keys are for.</summary>
    public WorkerStatus? Worker { get; private set; }

    /// <summary>What became of the last key; null for nothing.</summary>
    public string? Message { get; set; }

    /// <summary>Whether the next key says if the batch is really to be stopped.</summary>
    public bool AsksToStop { get; set; }

    /// <summary>Takes what runs now. What was selected stays so while it runs.</summary>
    public void Update(IReadOnlyList<BatchStatus> batches)
    {
        Batches = batches;
        Selected = batches.FirstOrDefault(batch => batch.Id == Selected?.Id) ?? (batches.Count > 0 ? batches[0] : null);
        AsksToStop &= Selected is not null;
        KeepWorker();
    }

    /// <summary>Takes how a batch is after something was asked of it.</summary>
    public void Update(BatchStatus batch) => Update([.. Batches.Select(other => other.Id == batch.Id ? batch : other)]);

    public void SelectNext()
    {
        Selected = Next(Batches, Selected, 1, batch => batch.Id);
        Worker = null;
        KeepWorker();
    }

    public void SelectWorker(int step) => Worker = Next(Selected?.Workers ?? [], Worker, step, worker => worker.Number);

    private static T? Next<T, TKey>(IReadOnlyList<T> all, T? present, int step, Func<T, TKey> key)
        where T : class
    {
        if (all.Count == 0)
        {
            return null;
        }

        int index = present is null ? -1 : all.ToList().FindIndex(one => Equals(key(one), key(present)));
        return all[(index + step + all.Count) % all.Count];
    }

    private void KeepWorker() => Worker = Worker is { } before ? Selected?.Workers.FirstOrDefault(worker => worker.Number == before.Number) : null;
}
