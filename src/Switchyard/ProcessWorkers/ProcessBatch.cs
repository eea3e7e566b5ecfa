using System.Management.Automation.Language;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers;

/// <summary>A batch for worker processes: the code, and all that it needs there.</summary>
internal sealed record ProcessBatch
{
    public required ScriptBlock Body { get; init; }

    public required object?[] Arguments { get; init; }

    public required SessionSettings Settings { get; init; }

    /// <summary>
    /// Whether it is for another machine, of which the caller's paths and environment say nothing: folders and modules are looked for there.
    /// </summary>
    public bool IsFar { get; init; }

    /// <summary>The folder that is the process's own while it runs; null if that does not matter.</summary>
    public required string? CurrentDirectory { get; init; }

    /// <summary>All of the environment; for another machine what is changed of the one there, with null for what is removed.</summary>
    public required IReadOnlyDictionary<string, string?> Environment { get; init; }

    /// <summary>How many workers share the cores of another machine; 0 for as many as it has.</summary>
    public int WorkersPerHost { get; init; }

    /// <summary>The code pages in which the caller's session reads and writes what programs do.</summary>
    public required (int Output, int Input) CodePages { get; init; }

    /// <summary>Whether items come in groups.</summary>
    public bool SendsGroups { get; init; }

    /// <summary>Whether Retry-After is looked for in errors.</summary>
    public required bool HonoursRetryAfter { get; init; }

    /// <summary>Says what a statement that uses a module is where the batch runs; null if it is the same. Called as <see cref="Warn"/> is.</summary>
    public Func<UsingStatementAst, string?>? PlaceUsing { get; init; }

    /// <summary>Takes a warning about something that is not sent along. Called on the caller's thread, or not at all.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
