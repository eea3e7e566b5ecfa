namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>A worker that waits for its next batch.</summary>
internal sealed class KeptWorker(RemoteConnection connection, TimeSpan idleTime)
{
    private long _since = Stopwatch.GetTimestamp();

    public RemoteConnection Connection => connection;

    /// <summary>Whether nothing is left in it of the batch before.</summary>
    public bool IsClean { get; private set; }

    /// <summary>How much longer it waits; not above zero once that is over.</summary>
    public TimeSpan Left => idleTime - Stopwatch.GetElapsedTime(_since);

    /// <summary>Nothing is left of the batch before: the wait begins.</summary>
    public void MarkClean()
    {
        _since = Stopwatch.GetTimestamp();
        IsClean = true;
    }
}
