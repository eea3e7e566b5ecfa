using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.Runspaces.Sessions;

/// <summary>What every worker's session of a run is given, taken from the caller once, on the caller's thread.</summary>
internal sealed record SessionSettings
{
    /// <summary>The variable that holds a hashtable of the worker's own, which lives as long as it.</summary>
    public const string WorkerTable = "worker";

    public required PSLanguageMode LanguageMode { get; init; }

    public required PSHost Host { get; init; }

    /// <summary>The caller's session; for a nested batch, that of the outermost one's caller. Null where there is none.</summary>
    public Runspace? Owner { get; init; }

    public required string Location { get; init; }

    /// <summary>The drive of that location; null where it has none.</summary>
    public PSDriveInfo? Drive { get; init; }

    /// <summary>Where that is in terms that need no drive of the caller's.</summary>
    public required string ProviderLocation { get; init; }

    /// <summary>The caller's session, from -CloneSession; what is named below stands above it. Null if it was not asked for.</summary>
    public ClonedSession? Cloned { get; init; }

    public required IReadOnlyDictionary<string, object> Preferences { get; init; }

    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>();

    public IReadOnlyDictionary<string, ScriptBlock> Functions { get; init; } = new Dictionary<string, ScriptBlock>();

    public IReadOnlyList<string> Modules { get; init; } = [];

    public ScriptBlock? Initialization { get; init; }

    /// <summary>What each worker runs after its last item; null for nothing.</summary>
    public ScriptBlock? Completion { get; init; }

    public Hashtable? UsingValues { get; init; }
}
