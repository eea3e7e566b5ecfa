using System.Collections.Concurrent;
using Switchyard.FarEnds;

namespace Switchyard.Harness;

/// <summary>Starts far ends that are threads of this process, and can die as processes do.</summary>
internal sealed class FakeFarEnds : IFarEndLauncher
{
    public static readonly Guid Build = Guid.NewGuid();

    private int _count;

    /// <summary>Runs an item at a far end.</summary>
    public required Action<FakeItem> Body { get; init; }

    /// <summary>Whether there is a beacon, as where memory is shared.</summary>
    public bool HasBeacon { get; init; } = true;

    /// <summary>What a far end does instead of serving; by its number, from 1. Null to serve.</summary>
    public Func<int, FakeFarEnd, bool> Instead { get; init; } = (_, _) => false;

    public string Key { get; init; } = "fake";

    public ConcurrentQueue<FakeFarEnd> All { get; } = [];

    public IFarEnd Start(CancellationToken cancellation)
    {
        FakeFarEnd end = new(this, Interlocked.Increment(ref _count));
        All.Enqueue(end);
        end.Serve();
        return end;
    }
}
