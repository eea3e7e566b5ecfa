namespace Switchyard.Core.RemoteWorkers;

/// <summary>Notices that workers of a run die before any has ever answered: then it is not the items that kill them.</summary>
internal sealed class WorkerDeaths
{
    // One item may be the runningItem, and so may two that run at the same time.
    private const int Most = 3;

    private int _deaths;
    private volatile bool _hasAnswered;

    /// <summary>A worker has answered.</summary>
    public void NoteAnswer() => _hasAnswered = true;

    /// <summary>A worker has died under an item.</summary>
    /// <returns>Whether the run is to be given up.</returns>
    public bool NoteDeath() => !_hasAnswered && Interlocked.Increment(ref _deaths) >= Most;
}
