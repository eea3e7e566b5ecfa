namespace Switchyard.Journal;

/// <summary>The journal that a batch was asked for.</summary>
internal sealed record JournalRequest
{
    public required string Path { get; init; }

    public bool Resumes { get; init; }

    public bool Syncs { get; init; }

    public bool KeepsOutput { get; init; }

    public bool IsReadOnly { get; init; }

    public string? OutputDirectory { get; init; }

    public required string Command { get; init; }

    public required string Work { get; init; }

    public required IReadOnlyDictionary<string, object> Parameters { get; init; }
}
