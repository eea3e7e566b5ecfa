namespace Switchyard.Core.Batch.Workers;

/// <summary>Told what happens to a worker's thread, on that thread unless it says otherwise.</summary>
internal interface IWorkerObserver
{
    /// <summary>Its worker is open, or could not be opened.</summary>
    void NoteOpened();

    /// <summary>It has taken its first item, or will never take one.</summary>
    void NoteFirstItem();

    /// <summary>It was abandoned with its item, and another is to take its place. On another thread.</summary>
    /// <param name="lost">What is to be told of what it had summed up; null for nothing.</param>
    void NoteAbandoned(int number, ItemRecord? lost);

    /// <summary>It has ended and freed what it held.</summary>
    /// <param name="markEnded">Marks the worker as ended. Called in the lock in which it is counted, so that no thread sees the one without the other.</param>
    void NoteEnded(Action markEnded);

    /// <summary>The system has no room for the worker. May wait for others to end.</summary>
    ShortageAnswer NoteShortage(WorkerThread worker, string reason);
}
