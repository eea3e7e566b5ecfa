using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>
/// The process that a remote worker has at the moment: gets one, replaces it, and lets it go. Changed by the worker's thread, read on others.
/// </summary>
/// <param name="begin">Called with a new one that is about to begin the batch: from now on it can be stopped.</param>
internal sealed class CurrentConnection(RemoteWorkerFactory factory, Action begin, Action<RemoteConnection> readRecords, CancellationToken stop)
{
    private readonly ConnectionOpener _opener = new(factory, stop);
    private readonly object _openLock = new();
    private readonly object _useLock = new();
    private bool _isOpening;
    private volatile RemoteConnection? _value;
    private volatile ItemRecall? _recall;

    /// <summary>The process; null while there is none.</summary>
    public RemoteConnection? Value => _value;

    /// <summary>Asks it for items back; null until it has begun the batch.</summary>
    public ItemRecall? Recall => _recall;

    private long? MaxItems => factory.Options.MaxItems;

    public void Open()
    {
        _recall = null;
        SetOpening(true);
        try
        {
            _opener.Open(SetCurrent, readRecords, () => Take());
            _recall = new ItemRecall(_value!.Frames);
        }
        finally
        {
            SetOpening(false);
        }
    }

    /// <summary>Waits while one is being opened. On any thread.</summary>
    public bool TryAwaitOpened(TimeSpan timeout)
    {
        lock (_openLock)
        {
            return !_isOpening || (Monitor.Wait(_openLock, timeout) && !_isOpening);
        }
    }

    /// <summary>Gets the process, after replacing one that has had its share of items, or is gone.</summary>
    /// <returns>Null if it is to get nothing before it has ended those.</returns>
    public RemoteConnection? GetOrReplace(InFlightItems items)
    {
        while (true)
        {
            RemoteConnection? connection = _value;
            if (connection?.ItemsLeft(MaxItems) > 0)
            {
                return connection;
            }

            if (connection is not null)
            {
                if (items.HasSent)
                {
                    return null;
                }

                Take();
                connection.HandOnOutput();
                connection.SendBye();
            }

            // One from the pool may have had its share, too.
            Open();
        }
    }

    public RemoteConnection? Take()
    {
        lock (_useLock)
        {
            RemoteConnection? connection = _value;
            _value = null;
            return connection;
        }
    }

    /// <summary>Does something to the process that is not to reach it once it is another batch's. On any thread but the worker's.</summary>
    public void Use(Action<RemoteConnection> action)
    {
        lock (_useLock)
        {
            if (_value is { } connection)
            {
                action(connection);
            }
        }
    }

    /// <summary>Takes it for lost: nothing is asked of it any more.</summary>
    public RemoteConnection? TakeLost()
    {
        RemoteConnection? connection = Take();
        _recall = connection is null ? _recall : null;
        return connection;
    }

    /// <summary>The batch is over: lets the process go.</summary>
    /// <param name="isQuiet">Whether it runs nothing any more. Otherwise it is killed.</param>
    public void Release(bool isQuiet)
    {
        if (Take() is not { } connection)
        {
            return;
        }

        if (!isQuiet)
        {
            connection.Kill();
            connection.Dispose();
            return;
        }

        // The caller may be gone as soon as its batch is over.
        connection.HandOnOutput();
        if (!factory.Options.Reuses || connection.ItemsLeft(MaxItems) == 0)
        {
            connection.SendBye();
        }
        else
        {
            ReturnToPool(connection);
        }
    }

    private void SetOpening(bool isOpening)
    {
        lock (_openLock)
        {
            _isOpening = isOpening;
            Monitor.PulseAll(_openLock);
        }
    }

    private void SetCurrent(RemoteConnection connection)
    {
        // Not only a write: it must be seen before the opener checks whether to stop, as a stop checks for it.
        Interlocked.Exchange(ref _value, connection);
        begin();
    }

    private void ReturnToPool(RemoteConnection connection)
    {
        try
        {
            _recall?.End();
            connection.Frames.Write(FrameKind.EndBatch);
            factory.Pool.Return(connection, factory.Options.IdleTime);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // All its items have ended, so nothing is lost.
            Debug.WriteLine(exception);
            connection.Kill();
            connection.Dispose();
        }
    }
}
