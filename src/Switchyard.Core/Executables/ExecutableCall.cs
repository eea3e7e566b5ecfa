namespace Switchyard.Core.Executables;

/// <summary>What an executable is given for one item.</summary>
internal sealed record ExecutableCall
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What it reads from its standard input; null for nothing.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Full path of the file that is its standard input; null if it is none.</summary>
    public string? InputPath { get; init; }

    /// <summary>The part of a file that it reads from its standard input; null if it is none.</summary>
    public FilePart? InputPart { get; init; }

    /// <summary>The error that keeps the item from being run, as the caller reports errors; null if nothing does.</summary>
    public object? Failure { get; init; }
}
