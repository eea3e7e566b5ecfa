using System.Collections.Concurrent;
using Switchyard.Core.Policies;
using Switchyard.Core.RemoteWorkers.Client.Connections;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Makes the remote workers of one run.</summary>
internal sealed class RemoteWorkerFactory(
    HostPool hosts, RemoteOptions options, IRemoteCalls calls, RemoteWorkerPool pool) : IWorkerFactory, IDisposable
{
    // Until one was started: what a process took on the machine that this was written on, and one that was kept.
    private static readonly TimeSpan _usualCost = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<int> _processIds = [];
    private long _openTicks;

    public TimeSpan OpenCost =>
        Volatile.Read(ref _openTicks) is var ticks && ticks > 0
            ? Stopwatch.GetElapsedTime(0, ticks)
            : ReadyCount > 0 ? TimeSpan.FromMilliseconds(10) : _usualCost;

    public bool RunsElsewhere => true;

    // Two pipes, the exit, the connection, the crash marker and what listens for it; two threads here, and a runtime with its own there.
    public WorkerNeeds Needs => new(Files: 9, Tasks: 28);

    public int ReadyCount => Options.Reuses ? Hosts.Hosts.Sum(host => Pool.CountOf(host.Launcher.Key)) : 0;

    public int Places => Hosts.Places;

    public TimeSpan? NextPlace => Hosts.IsHere ? null : Hosts.NextPlace;

    public Action? PlacesChanged
    {
        set => Hosts.PlacesChanged = value;
    }

    public Action<ItemRecord>? Announce
    {
        set => Hosts.Announce = value;
    }

    public IReadOnlyCollection<int> ProcessIds => _processIds;

    public bool HasLastWords => Options.HasLastWords;

    /// <summary>A worker that does not stop is killed: that takes no longer.</summary>
    public TimeSpan StopGracePeriod => Options.StopGrace + TimeSpan.FromMilliseconds(300);

    internal HostPool Hosts { get; } = hosts;

    internal RemoteOptions Options { get; } = options;

    internal IRemoteCalls Calls { get; } = calls;

    internal RemoteWorkerPool Pool { get; } = pool;

    /// <summary>
    /// Whether workers elsewhere have to say at once of each item that they start it. Not before one was lost, as it costs trivial items much; from then on, so
    /// that the right item is found, however soon it ends its worker.
    /// </summary>
    internal bool HasLostWorkers { get; set; }

    internal KeepAlive KeepAlive { get; } = new();

    internal CrashLoopDetector CrashLoop { get; } = new();

    public IBatchWorker Create(int number) => new RemoteWorker(this, number);

    /// <summary>Makes one of the same batch for one of its machines by itself, which is tried once.</summary>
    internal RemoteWorkerFactory ForOne(WorkerHost host, TransferOptions? files) => new(
        new HostPool([new WorkerHost(host.Name, host.Launcher, null) { TriesAtFirst = 1 }]), Options with { Files = files }, Calls, Pool);

    public void Dispose()
    {
        KeepAlive.Dispose();
        Hosts.Dispose();
    }

    /// <summary>Takes note of what it took to open a worker.</summary>
    internal void NoteOpened(long start, int processId)
    {
        Volatile.Write(ref _openTicks, Stopwatch.GetTimestamp() - start);
        _processIds.Enqueue(processId);
    }
}
