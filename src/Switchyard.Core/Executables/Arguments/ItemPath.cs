using System.Buffers;

namespace Switchyard.Core.Executables.Arguments;

/// <summary>
/// The parts of a path as GNU parallel takes it apart, by its text alone: an extension is all from the last dot of the last part on,
/// also where that is all there is.
/// </summary>
internal static class ItemPath
{
    public static readonly SearchValues<char> UnixSeparators = SearchValues.Create("/");

    /// <summary>What separates the parts on Windows, where a drive's root is one of them.</summary>
    public static readonly SearchValues<char> WindowsSeparators = SearchValues.Create(@"\/");

    private static readonly SearchValues<char> _own = OperatingSystem.IsWindows() ? WindowsSeparators : UnixSeparators;

    public static string WithoutExtension(string path, SearchValues<char>? separators = null)
    {
        int dot = path.LastIndexOf('.');
        return dot < 0 || path.AsSpan(dot).ContainsAny(separators ?? _own) ? path : path[..dot];
    }

    public static string FileName(string path, SearchValues<char>? separators = null) => path[(path.AsSpan().LastIndexOfAny(separators ?? _own) + 1)..];

    /// <summary>What <c>dirname</c> says: the path without its last part.</summary>
    public static string Folder(string path, SearchValues<char>? separators = null)
    {
        separators ??= _own;
        ReadOnlySpan<char> rest = TrimEnd(path, separators);
        int root = RootLength(path, separators);
        if (root > 0 && rest.Length <= root)
        {
            return path[..root];
        }

        int separator = rest.LastIndexOfAny(separators);
        if (separator < 0)
        {
            return ".";
        }

        ReadOnlySpan<char> folder = TrimEnd(rest[..separator], separators);
        return path[..Math.Max(folder.Length, root)];
    }

    /// <summary>How much of a path is a root, which keeps its separator: <c>/</c>, or <c>C:\</c>.</summary>
    private static int RootLength(string path, SearchValues<char> separators) => path switch
    {
        [var first, ..] when separators.Contains(first) => 1,
        [var drive, ':', var third, ..] when separators == WindowsSeparators && char.IsAsciiLetter(drive) && separators.Contains(third) => 3,
        _ => 0,
    };

    private static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> path, SearchValues<char> separators) =>
        path[..(path.LastIndexOfAnyExcept(separators) + 1)];
}
