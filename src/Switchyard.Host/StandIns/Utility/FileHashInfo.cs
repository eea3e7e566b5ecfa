namespace Microsoft.PowerShell.Commands;

/// <summary>A file's hash.</summary>
public sealed class FileHashInfo
{
    public string? Algorithm { get; init; }

    public string? Hash { get; init; }

    public string? Path { get; init; }
}
