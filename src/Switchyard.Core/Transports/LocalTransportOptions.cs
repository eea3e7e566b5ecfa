using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>How worker processes of this machine are started.</summary>
internal sealed record LocalTransportOptions
{
    public required string FileName { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required ChildEnvironment Environment { get; init; }

    /// <summary>What else distinguishes these workers from others that are started alike.</summary>
    public string Distinction { get; init; } = string.Empty;

    /// <summary>How long it may take from its start until it has connected.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
