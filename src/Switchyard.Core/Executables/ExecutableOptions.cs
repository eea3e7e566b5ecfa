using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>How a run's executables are started, fed, read and ended.</summary>
internal sealed record ExecutableOptions
{
    public required string FileName { get; init; }

    public required ChildEnvironment Environment { get; init; }

    /// <summary>Full path of the folder that it starts in.</summary>
    public required string? WorkingDirectory { get; init; }

    public InputMode InputMode { get; init; }

    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>Whether its output is handed on as byte arrays, and not as lines.</summary>
    public bool AsBytes { get; init; }

    /// <summary>Whether all that it writes is handed on as bytes, its standard error too, because the caller makes lines or files of them.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Takes each item's output as files; null if nothing does.</summary>
    public OutputFolder? OutputFolder { get; init; }

    /// <summary>How long it has from being asked to end until it is killed.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>The same for when the whole run is stopped, and a user waits.</summary>
    public required TimeSpan StopGrace { get; init; }
}
