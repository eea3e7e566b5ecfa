using System.Collections.Concurrent;
using Switchyard.Engine;

namespace Switchyard.Runspaces.Cloning;

/// <summary>The caller's session as -CloneSession gives it to every worker: what can be taken into another session, and no more.</summary>
internal sealed record ClonedSession
{
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Modules to import, before all else: what the caller defined itself then stands above theirs, as it does there.</summary>
    public required IReadOnlyList<ClonedModule> Modules { get; init; }

    /// <summary>Type data, in the order in which they came.</summary>
    public required IReadOnlyList<ClonedTypeData> TypeData { get; init; }

    /// <summary>Drives to make where there is no such drive.</summary>
    public required IReadOnlyList<ClonedDrive> Drives { get; init; }

    public required IReadOnlyDictionary<string, ScriptBlock> Functions { get; init; }

    public required IReadOnlyDictionary<string, string> Aliases { get; init; }

    public required IReadOnlyList<ClonedVariable> Variables { get; init; }

    /// <summary>Default parameter values, of which each worker needs its own: the engine keeps notes in it. Null if there are none.</summary>
    public required DefaultParameterDictionary? DefaultParameters { get; init; }

    /// <summary>Classes and enums; null where the engine does not tell.</summary>
    public required ClonedTypes? Types { get; init; }

    /// <summary>Notes that something cannot be done, as it cannot in any worker.</summary>
    /// <returns>True for the first worker that finds out, which is the one to say it.</returns>
    public bool IsNews(string what) => _reported.TryAdd(what, true);
}
