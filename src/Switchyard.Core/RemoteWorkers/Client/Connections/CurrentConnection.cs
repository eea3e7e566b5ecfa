using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>
/// The process that a remote worker has at the moment: gets one, replaces it, and lets it go. Changed by the worker's thread, read on others.
/// </summary>
/// <param name="begin">Called with a new one that is about to begin the batch: from now on it can be stopped.</param>
/// <param name="finish">Called with one that is to be replaced, before it is let go.</param>
internal sealed class CurrentConnection(
    RemoteWorkerFactory factory, IRemoteCodec codec, FileService? files, Action begin, Action<RemoteConnection> readRecords, Action<RemoteConnection, ItemRecall?> finish, CancellationToken stop)
{
    private readonly ConnectionOpener _opener = new(factory, codec, files, stop);
    private readonly object _openLock = new();
    private readonly object _useLock = new();
    private bool _isOpening;
    private volatile RemoteConnection? _value;
    private volatile ItemRecall? _recall;
    private WorkerHost? _host;

    /// <summary>The process; null while there is none.</summary>
    public RemoteConnection? Value => _value;

    /// <summary>Asks it for items back; null until it has begun the batch.</summary>
    public ItemRecall? Recall => _recall;

    /// <summary>Where it is; null while it has no place.</summary>
    public WorkerHost? Host => _host;

    private long? MaxItems => factory.Options.MaxItems;

    /// <summary>Opens one, on whatever machine there is a place.</summary>
    /// <exception cref="WorkerStartException">There is none to be had: for now, if it says that this is a shortage.</exception>
    public void Open()
    {
        _recall = null;
        SetOpening(true);
        try
        {
            while (!TryOpen(_host ??= AcquireHost()))
            {
            }

            _recall = new ItemRecall(_value!.Frames);
        }
        finally
        {
            SetOpening(false);
        }
    }

    /// <summary>Its worker has died or left, and it is on no machine any more.</summary>
    /// <param name="failure">Why there is no use in opening another there for a while; null if there may be.</param>
    public void LeaveHost(WorkerStartException? failure)
    {
        if (Interlocked.Exchange(ref _host, null) is not { } host)
        {
            return;
        }

        if (failure is null)
        {
            factory.Hosts.Release(host, wasOpening: false);
        }
        else if (factory.Hosts.NoteLoss(host, failure))
        {
            Warn(host, failure);
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
            if (connection is not null && _host?.IsLeaving == true)
            {
                connection.IsRetiring = true;
            }

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

                finish(connection, _recall);
                Take();
                connection.HandOnOutput();
                connection.SendBye();
            }

            if (_host?.IsLeaving == true)
            {
                LeaveHost(null);
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
    /// <param name="mayReuse">Whether it may serve another batch, if it is quiet.</param>
    public void Release(bool isQuiet, bool mayReuse)
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            factory.Hosts.Release(host, wasOpening: false);
        }

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
        if (!factory.Options.Reuses || !mayReuse || connection.ItemsLeft(MaxItems) == 0)
        {
            connection.SendBye();
        }
        else
        {
            ReturnToPool(connection);
        }
    }

    private WorkerHost AcquireHost()
    {
        factory.Hosts.AwaitHosts(stop);
        if (factory.Hosts.TryAcquire() is { } host)
        {
            return host;
        }

        throw factory.Calls.NoHost(factory.Hosts.Failures);
    }

    private void Warn(WorkerHost host, WorkerStartException failure) =>
        factory.Hosts.Announce?.Invoke(new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, factory.Calls.HostLost(host.Name!, failure)));

    private bool TryOpen(WorkerHost host)
    {
        try
        {
            _opener.Open(host, SetCurrent, readRecords, () => Take());
            factory.Hosts.NoteOpened(host, _value!.ProcessorCount);
            return true;
        }
        catch (WorkerStartException exception) when (!factory.Hosts.IsHere && !stop.IsCancellationRequested)
        {
            _host = null;
            if (factory.Hosts.NoteFailure(host, exception))
            {
                Warn(host, exception);
            }

            return false;
        }
        catch
        {
            _host = null;
            factory.Hosts.Release(host, wasOpening: true);
            throw;
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
