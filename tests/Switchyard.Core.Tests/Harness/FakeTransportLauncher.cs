using System.Collections.Concurrent;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Server;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Harness;

/// <summary>Starts remote workers that are threads of this process, and can die as processes do.</summary>
internal sealed class FakeTransportLauncher : ITransportLauncher
{
    public static readonly Guid Build = Guid.NewGuid();

    private int _count;

    /// <summary>Runs an item on a remote worker.</summary>
    public Action<FakeItem> Body { get; init; } = _ => { };

    /// <summary>What a remote worker does after its last item.</summary>
    public Action<FakeItem> Finish { get; init; } = _ => { };

    /// <summary>Makes a batch on a remote worker that does something else with its items; null if none does.</summary>
    public Func<WireReader, IHostedBatch>? Batch { get; init; }

    /// <summary>Whether there is a crashMarker, as where memory is shared.</summary>
    public bool HasCrashMarker { get; init; } = true;

    /// <summary>Whether something removes the crash marker's file before a remote worker opens it.</summary>
    public bool LosesCrashMarker { get; init; }

    /// <summary>How many bytes may be on their way to a remote worker or from it before the sender has to wait.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>What a remote worker does instead of serving; by its number, from 1. Null to serve.</summary>
    public Func<int, FakeTransport, bool> Instead { get; init; } = (_, _) => false;

    public string Key { get; init; } = "fake";

    /// <summary>The machine that its remote workers are on; null for this one.</summary>
    public string? HostName { get; init; }

    public ConcurrentQueue<FakeTransport> All { get; } = [];

    public IWorkerTransport Start(CancellationToken cancellation)
    {
        FakeTransport end = new(this, Interlocked.Increment(ref _count));
        All.Enqueue(end);
        end.Serve();
        return end;
    }
}
