namespace Switchyard.Core.Control;

/// <summary>What a batch is, for who watches it.</summary>
internal sealed record BatchLabel
{
    /// <summary>The command that has started it.</summary>
    public required string Command { get; init; }

    /// <summary>What it runs, in one line.</summary>
    public required string Work { get; init; }

    /// <summary>The name of its job; null where it is none.</summary>
    public string? JobName { get; init; }

    /// <summary>Tells how many items are expected. On any thread.</summary>
    public required Func<long?> Total { get; init; }

    /// <summary>Tells an item in one line, without running any code of the user's. On any thread.</summary>
    public required Func<object?, string> ItemText { get; init; }

    /// <summary>The same for an error.</summary>
    public required Func<object?, string?> ErrorText { get; init; }
}
