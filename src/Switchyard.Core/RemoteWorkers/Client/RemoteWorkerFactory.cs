using System.Collections.Concurrent;
using System.Diagnostics;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Makes the remote workers of one run.</summary>
public sealed class RemoteWorkerFactory : IWorkerFactory, IDisposable
{
    // Until one was started: what a process took on the machine that this was written on, and one that was kept.
    private static readonly TimeSpan _usualCost = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<int> _processIds = [];
    private long _openTicks;

    /// <summary>Makes the factory of a run.</summary>
    /// <param name="launcher">Starts workers.</param>
    /// <param name="options">How they are used.</param>
    /// <param name="calls">The caller's side.</param>
    /// <param name="pool">Keeps workers between runs.</param>
    public RemoteWorkerFactory(ITransportLauncher launcher, RemoteOptions options, IRemoteCalls calls, RemoteWorkerPool pool)
    {
        ArgumentNullException.ThrowIfNull(launcher);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(pool);
        Launcher = launcher;
        Options = options;
        Calls = calls;
        Pool = pool;
    }

    /// <inheritdoc/>
    public TimeSpan OpenCost =>
        Volatile.Read(ref _openTicks) is var ticks && ticks > 0
            ? Stopwatch.GetElapsedTime(0, ticks)
            : Options.Reuses && Pool.HasOne(Launcher.Key) ? TimeSpan.FromMilliseconds(10) : _usualCost;

    /// <inheritdoc/>
    public bool RunsElsewhere => true;

    /// <inheritdoc/>
    public IReadOnlyCollection<int> ProcessIds => _processIds;

    /// <summary>A worker that does not stop is killed: that takes no longer.</summary>
    public TimeSpan StopGracePeriod => RemoteWorker.StopGracePeriod + TimeSpan.FromMilliseconds(300);

    internal ITransportLauncher Launcher { get; }

    internal RemoteOptions Options { get; }

    internal IRemoteCalls Calls { get; }

    internal RemoteWorkerPool Pool { get; }

    internal KeepAlive KeepAlive { get; } = new();

    internal CrashLoopDetector CrashLoop { get; } = new();

    /// <inheritdoc/>
    public IBatchWorker Create(int number) => new RemoteWorker(this);

    /// <inheritdoc/>
    public void Dispose() => KeepAlive.Dispose();

    /// <summary>Takes note of what it took to open a worker.</summary>
    internal void NoteOpened(long start, int processId)
    {
        Volatile.Write(ref _openTicks, Stopwatch.GetTimestamp() - start);
        _processIds.Enqueue(processId);
    }
}
