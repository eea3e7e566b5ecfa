using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>How remote workers are used.</summary>
internal sealed record RemoteOptions
{
    /// <summary>The build of this module that a worker must have loaded, too.</summary>
    public required Guid Build { get; init; }

    /// <summary>Whether workers are kept for the next batch, and those that were kept are used.</summary>
    public bool Reuses { get; init; } = true;

    /// <summary>How long a worker is kept that is not used.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>After how many items a worker is replaced; null for never.</summary>
    public long? MaxItems { get; init; }

    /// <summary>Above how many bytes of memory a worker is replaced after an item; null for never.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>Whether the time that items take is of interest.</summary>
    public bool NeedsTimes { get; init; }

    /// <summary>Whether what an item writes while it is stopped is its own, as of a program that is asked to end.</summary>
    public bool HasLastWords { get; init; }

    /// <summary>How long an item that was asked to stop has until its worker is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a worker that has something to do may be silent, heartbeats included, before it is given up.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How files go to where items run and come back; null if none do.</summary>
    public TransferOptions? Files { get; init; }
}
