namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>All files below a folder, links followed. What git keeps of the folder's past is not of it.</summary>
internal static class FolderFiles
{
    private const string History = ".git";

    /// <returns>The files, by their names below the folder, in an order that is the same everywhere.</returns>
    /// <exception cref="IOException">Something cannot be looked at; or <see cref="UnauthorizedAccessException"/>.</exception>
    public static IReadOnlyList<SentFile> Find(string folder)
    {
        List<SentFile> files = [];
        Add(new DirectoryInfo(folder), string.Empty, [], files);
        return [.. files.OrderBy(file => file.Target, StringComparer.Ordinal)];
    }

    /// <param name="above">Where the folders really are that it is in: a link that leads back to one of them, or above it, has no end.</param>
    private static void Add(DirectoryInfo folder, string target, string[] above, List<SentFile> files)
    {
        string real = Path.TrimEndingDirectorySeparator(
            folder.LinkTarget is not null ? TryFollow(folder)?.FullName ?? folder.FullName : above is [.., { } parent] ? Path.Combine(parent, folder.Name) : folder.FullName);
        if (above.Any(each => each == real || each.StartsWith(real + Path.DirectorySeparatorChar, StringComparison.Ordinal) || real == Path.GetPathRoot(real)))
        {
            return;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().Where(entry => entry.Name != History))
        {
            if (entry is DirectoryInfo inner)
            {
                Add(inner, $"{target}{entry.Name}/", [.. above, real], files);
            }
            else if ((entry.LinkTarget is null ? entry : TryFollow(entry)) is FileInfo { Exists: true } file)
            {
                files.Add(new SentFile(file.FullName, target + entry.Name, file.Length, file.LastWriteTimeUtc.Ticks));
            }
        }
    }

    private static FileSystemInfo? TryFollow(FileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException exception)
        {
            // It leads to itself, and so nowhere.
            Debug.WriteLine(exception);
            return null;
        }
    }
}
