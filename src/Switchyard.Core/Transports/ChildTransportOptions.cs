using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>How worker processes of this machine are started, or commands that carry the bytes of workers elsewhere.</summary>
internal sealed record ChildTransportOptions
{
    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required ChildEnvironment Environment { get; init; }

    /// <summary>What else distinguishes these workers from others that are started alike.</summary>
    public string Distinction { get; init; } = string.Empty;

    /// <summary>The machine that the worker is on, as the user calls it; null for this one.</summary>
    public string? HostName { get; init; }

    /// <summary>What the worker is sent if it lacks the module: a zip archive. Null for a worker of this machine.</summary>
    public Func<byte[]>? Package { get; init; }

    /// <summary>Whether its input does not end before it is to end.</summary>
    public bool KeepsInputOpen { get; init; }

    /// <summary>The folder that it starts in; null for one that it does not keep from being removed.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Whether an end says that the way to the worker was lost, or may have been, and not only the worker by its own doing. Null if there is no way that could be.
    /// </summary>
    public Func<ExitReason, IReadOnlyList<string>, bool>? IsLoss { get; init; }

    /// <summary>How long it may take from its start until it has connected.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
