using System.Diagnostics.CodeAnalysis;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>
/// Keeps workers between batches: starting one takes a fifth of a second. Each is given only to batches with the settings that it was
/// started with, and only once it has said that nothing is left of the batch before. Those that are not used again soon end.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It lives as long as the process.")]
public sealed class RemoteWorkerPool
{
    // What a worker needs to put itself in order is milliseconds. One that needs longer is not waited for, and one that hangs is ended.
    private static readonly TimeSpan _cleanTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _hangTimeout = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private readonly List<KeptWorker> _workers = [];
    private readonly Timer _timer;
    private readonly int _most;

    /// <summary>Creates an empty pool.</summary>
    /// <param name="most">How many workers it keeps at most.</param>
    public RemoteWorkerPool(int most)
    {
        _most = most;
        _timer = new Timer(_ => EndIdle());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Clear();
    }

    /// <summary>The process's pool. As many as can compute at a time, twice: two batches may take turns.</summary>
    public static RemoteWorkerPool Shared { get; } = new(Math.Max(4, Environment.ProcessorCount * 2));

    /// <summary>How many workers it keeps. A snapshot.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _workers.Count;
            }
        }
    }

    /// <summary>Ends all that wait.</summary>
    public void Clear()
    {
        KeptWorker[] all;
        lock (_lock)
        {
            all = [.. _workers];
            _workers.Clear();
            Monitor.PulseAll(_lock);
        }

        foreach (KeptWorker worker in all)
        {
            worker.Connection.SendBye();
        }
    }

    /// <summary>How many workers with these settings wait. A snapshot.</summary>
    internal int CountOf(string key)
    {
        lock (_lock)
        {
            return _workers.Count(worker => worker.Connection.Key == key);
        }
    }

    /// <summary>Whether none of those that wait still cleans up. A snapshot.</summary>
    internal bool AreAllClean()
    {
        lock (_lock)
        {
            return _workers.TrueForAll(worker => worker.IsClean);
        }
    }

    /// <returns>A worker that only the caller has; null if there is none.</returns>
    internal RemoteConnection? Rent(string key)
    {
        long deadline = Stopwatch.GetTimestamp() + (long)(_cleanTimeout.TotalSeconds * Stopwatch.Frequency);
        while (TryTake(key, deadline, out RemoteConnection? connection))
        {
            if (connection.IsAlive())
            {
                return connection;
            }

            connection.Dispose();
        }

        return null;
    }

    /// <summary>Takes a worker back that was told that its batch is over.</summary>
    internal void Return(RemoteConnection connection, TimeSpan idleTime)
    {
        KeptWorker? leaving = null;
        lock (_lock)
        {
            _workers.Add(new KeptWorker(connection, idleTime));
            if (_workers.Count > _most)
            {
                // The one that was not used for the longest time; perhaps of settings that are no longer used.
                leaving = _workers[0];
                _workers.RemoveAt(0);
            }
        }

        leaving?.Connection.SendBye();
        if (leaving?.Connection == connection)
        {
            return;
        }

        // Blocks while the worker cleans up, so on a thread of the pool.
        ThreadPool.UnsafeQueueUserWorkItem(AwaitClean, connection, preferLocal: false);
    }

    private bool TryTake(string key, long deadline, [NotNullWhen(true)] out RemoteConnection? connection)
    {
        lock (_lock)
        {
            while (true)
            {
                // The one that was used last: the others may end.
                int index = _workers.FindLastIndex(worker => worker.IsClean && worker.Connection.Key == key);
                if (index >= 0)
                {
                    connection = _workers[index].Connection;
                    _workers.RemoveAt(index);
                    return true;
                }

                connection = null;
                TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
                if (left <= TimeSpan.Zero
                    || !_workers.Exists(worker => !worker.IsClean && worker.Connection.Key == key)
                    || !Monitor.Wait(_lock, left))
                {
                    return false;
                }
            }
        }
    }

    private void AwaitClean(RemoteConnection connection)
    {
        bool isClean = false;
        using (Timer hang = new(_ => connection.Kill(), null, _hangTimeout, Timeout.InfiniteTimeSpan))
        {
            isClean = IsCleanAfterBatch(connection);
        }

        bool isMine;
        lock (_lock)
        {
            int index = _workers.FindIndex(worker => worker.Connection == connection);
            isMine = index >= 0;
            if (isMine && isClean)
            {
                _workers[index].MarkClean();
                _timer.Change(TimeSpan.FromTicks(Math.Max(0, _workers.Min(worker => worker.Left.Ticks))), Timeout.InfiniteTimeSpan);
            }
            else if (isMine)
            {
                _workers.RemoveAt(index);
            }

            Monitor.PulseAll(_lock);
        }

        if (isMine && !isClean)
        {
            connection.SendBye();
        }
    }

    private static bool IsCleanAfterBatch(RemoteConnection connection)
    {
        try
        {
            while (true)
            {
                switch (connection.Read())
                {
                    case FrameKind.BatchEnded:
                        connection.Tunnel?.EndAll();
                        return connection.Reader.ReadBoolean();
                    case FrameKind.Bye:
                        return false;
                }
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // Its batch is done, so nothing is lost.
            connection.Kill();
            return false;
        }
    }

    private void EndIdle()
    {
        List<KeptWorker> idle;
        lock (_lock)
        {
            idle = _workers.FindAll(worker => worker.IsClean && worker.Left <= TimeSpan.Zero);
            _workers.RemoveAll(idle.Contains);
            KeptWorker[] left = [.. _workers.Where(worker => worker.IsClean)];
            if (left.Length > 0)
            {
                // A timer counts whole milliseconds, and would come just before its time.
                TimeSpan next = left.Min(worker => worker.Left) + TimeSpan.FromMilliseconds(1);
                _timer.Change(next > TimeSpan.Zero ? next : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }

        foreach (KeptWorker worker in idle)
        {
            worker.Connection.SendBye();
        }
    }
}
