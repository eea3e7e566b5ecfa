using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal;

/// <summary>Which journal a run keeps, and how.</summary>
internal sealed record JournalOptions
{
    public required string Path { get; init; }

    /// <summary>Whether what is there is continued. A journal that is not there is begun either way.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether what is written is to outlive the machine's end, and not only this process's.</summary>
    public bool Syncs { get; init; }

    /// <summary>Whether the journal is only read, as for <c>-WhatIf</c>.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Full path of the folder that takes items' output as files; null if none does.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>Makes what writes and reads the items' output, if that is kept beside the journal; null if it is not.</summary>
    public Func<IOutputCodec>? Outputs { get; init; }

    /// <summary>Completed, it ends the reading of what is there. Null if nothing does.</summary>
    public Task? Stop { get; init; }

    /// <summary>What the run is; its number is found out.</summary>
    public required JournalRun Run { get; init; }

    public required IItemDescriber Describer { get; init; }
}
