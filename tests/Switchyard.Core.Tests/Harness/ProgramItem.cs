namespace Switchyard.Core.Harness;

/// <summary>An item of a program: a script for a shell, and what that reads.</summary>
internal sealed record ProgramItem(string Script)
{
    public byte[]? Input { get; init; }

    public string? InputPath { get; init; }

    public string? Refusal { get; init; }
}
