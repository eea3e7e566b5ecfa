namespace Switchyard.Journal;

/// <summary>The journal that a batch was asked for.</summary>
internal sealed record JournalRequest
{
    public required string Path { get; init; }

    public bool Resumes { get; init; }

    /// <summary>Whether it is flushed to the disk.</summary>
    public bool Syncs { get; init; }

    /// <summary>Whether it is only read, as with -WhatIf.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The name of the batch's command.</summary>
    public required string Command { get; init; }

    /// <summary>What the batch runs, in short.</summary>
    public required string Work { get; init; }

    /// <summary>The command's bound parameters, by name.</summary>
    public required IReadOnlyDictionary<string, object> Parameters { get; init; }
}
