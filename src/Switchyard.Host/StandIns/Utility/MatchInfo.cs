using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

/// <summary>A line that Select-String found.</summary>
public sealed class MatchInfo
{
    public bool IgnoreCase { get; init; }

    public long LineNumber { get; init; }

    public string Line { get; init; } = string.Empty;

    public string Filename => Path == "InputStream" ? Path : System.IO.Path.GetFileName(Path);

    public string Path { get; init; } = "InputStream";

    public string Pattern { get; init; } = string.Empty;

    public Match[] Matches { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Path == "InputStream" ? Line : $"{Path}:{LineNumber}:{Line}";

    /// <summary>The text that the format view shows.</summary>
    public string ToEmphasizedString(string directory)
        => Path == "InputStream" ? Line : $"{System.IO.Path.GetRelativePath(directory, Path)}:{LineNumber}:{Line}";
}
