using System.Collections.Concurrent;

namespace Switchyard.Core.Gauges;

/// <summary>
/// Whether names that differ in case alone are one file. That is a property of each folder and not of the system: Windows has folders that tell them apart,
/// Linux some that do not. It is found by looking for something that is there by its name in the other case. Safe for any thread.
/// </summary>
internal sealed class FileSystemCase
{
    // What is not told by then is taken from the folder above.
    private const int MostNames = 100;

    // In a folder of more names, one may have its twin among those that were not read.
    private const int MostTried = 4;

    // Folders come without end; each is asked again then.
    private const int MostFolders = 10_000;

    private readonly Func<string, bool?> _ask;
    private readonly ConcurrentDictionary<string, (string Key, bool IgnoresCase)> _folders = new(StringComparer.Ordinal);

    /// <param name="ask">Says whether the names in a folder ignore case; null if nothing in it tells.</param>
    public FileSystemCase(Func<string, bool?> ask) => _ask = ask;

    public FileSystemCase()
        : this(IgnoredIn)
    {
    }

    /// <summary>A text that is the same for all paths of one file, as far as case goes: each name in capitals if its folder ignores case.</summary>
    /// <param name="path">A full path. It need not be there.</param>
    public string KeyOf(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
        {
            return RootKey(path);
        }

        (string key, bool ignoresCase) = Folder(folder);
        string name = Path.GetFileName(path);
        return Path.Join(key, ignoresCase ? name.ToUpperInvariant() : name);
    }

    public bool AreSame(string one, string other) =>
        one == other || (one.Equals(other, StringComparison.OrdinalIgnoreCase) && KeyOf(one) == KeyOf(other));

    /// <summary>Whether a path is a folder's or of something below it.</summary>
    public bool IsWithin(string path, string folder)
    {
        string start = Path.TrimEndingDirectorySeparator(folder);
        return path.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && (path.Length == start.Length || Path.EndsInDirectorySeparator(start) || Path.EndsInDirectorySeparator(path[..(start.Length + 1)]))
            && AreSame(path[..start.Length], start);
    }

    private static string RootKey(string root) => OperatingSystem.IsWindows() ? root.ToUpperInvariant() : root;

    private static bool? IgnoredIn(string folder)
    {
        try
        {
            HashSet<string> names = [.. Directory.EnumerateFileSystemEntries(folder).Take(MostNames).Select(path => Path.GetFileName(path))];
            bool? ignored = null;
            foreach ((string name, string other) in names.Select(name => (name, InOtherCase(name))).Where(pair => pair.name != pair.Item2).Take(MostTried))
            {
                if (names.Contains(other))
                {
                    return false;
                }

                if (Path.Exists(Path.Join(folder, other)))
                {
                    ignored = true;
                }
                else if (Path.Exists(Path.Join(folder, name)))
                {
                    return false;
                }
            }

            return ignored;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            Debug.WriteLine(exception);
            return null;
        }
    }

    // ASCII letters only: file systems differ in what they take for the same letter otherwise.
    private static string InOtherCase(string name) =>
        string.Create(name.Length, name, static (other, name) =>
        {
            for (int i = 0; i < name.Length; i++)
            {
                other[i] = char.IsAsciiLetter(name[i]) ? (char)(name[i] ^ ' ') : name[i];
            }
        });

    private (string Key, bool IgnoresCase) Folder(string folder)
    {
        if (_folders.TryGetValue(folder, out (string Key, bool IgnoresCase) known))
        {
            return known;
        }

        // A new folder behaves as the one that it is in.
        bool? ignoresCase = _ask(folder);
        known = (KeyOf(folder), ignoresCase ?? (Path.GetDirectoryName(folder) is { } parent ? Folder(parent).IgnoresCase : !OperatingSystem.IsLinux()));
        if (_folders.Count >= MostFolders)
        {
            _folders.Clear();
        }

        return _folders[folder] = known;
    }
}
