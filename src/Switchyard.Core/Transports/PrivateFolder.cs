using System.Runtime.Versioning;

namespace Switchyard.Core.Transports;

/// <summary>
/// A folder for temporary files that only this user can enter, at a path that is short enough for a socket in it: in the first place that can
/// be used, as the user's temporary folder may be missing, full or read-only.
/// </summary>
internal static class PrivateFolder
{
    // The longest path that a socket may have, in bytes, on the system that allows the least.
    private const int MaxSocketPath = 103;

    private const string Prefix = "switchyard-";

    /// <summary>Makes one, and what is wanted in it. Also removes those of processes that were killed before they could.</summary>
    /// <param name="make">
    /// Makes what is wanted, given the folder. If it cannot, the next place is tried; on Linux at last none, with null, as a socket needs no folder there. On
    /// Windows nothing does.
    /// </param>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static T Use<T>(Func<string?, T> make)
    {
        if (OperatingSystem.IsWindows())
        {
            // Neither a pipe nor shared memory is in a folder there.
            return make(null);
        }

        List<string> reasons = [];
        Exception? first = null;
        foreach (string? place in Places().Distinct())
        {
            string? folder = null;
            try
            {
                folder = place is null ? null : Create(place);
                return make(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Remove(folder);
                first ??= exception;
                if (place is not null)
                {
                    reasons.Add($"'{place}' ({exception.Message})");
                }
            }
        }

        throw new IOException(MessageText.Format(Messages.PrivateFolderNotMade, string.Join(", ", reasons)), first);
    }

    /// <summary>
    /// Makes one where every other process of this user looks for such, whatever its own temporary folder is; and what is wanted in it. On Windows too, where a user's
    /// temporary folder is private.
    /// </summary>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static T UseFindable<T>(Func<string, T> make)
    {
        Exception? last = null;
        foreach (string place in FindablePlaces().Distinct())
        {
            string? folder = null;
            try
            {
                folder = OperatingSystem.IsWindows() ? CreateOnWindows(place) : Create(place);
                return make(folder);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Remove(folder);
                last = exception;
            }
        }

        throw new IOException(MessageText.Format(Messages.PrivateFolderNotMade, last?.Message), last);
    }

    /// <summary>Finds those of all processes of this user that hold a file of a name. Removes those of processes that were killed.</summary>
    public static IEnumerable<(int ProcessId, string Folder)> Find(string file)
    {
        foreach (string place in FindablePlaces().Distinct())
        {
            RemoveLeft(place);
            foreach ((int process, string folder) in List(place))
            {
                if (IsPrivate(folder) && File.Exists(Path.Combine(folder, file)))
                {
                    yield return (process, folder);
                }
            }
        }
    }

    /// <summary>Removes one with all that is in it.</summary>
    /// <param name="folder">Its path; null for none.</param>
    public static void Remove(string? folder)
    {
        try
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Something else cleans temporary folders up, or reads them. Nothing in it matters any more.
            Debug.WriteLine(exception);
        }
    }

    // Of another user's nothing is read, and what others may write into says nothing.
    private static bool IsPrivate(string folder)
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        try
        {
            return OperatingSystem.IsWindows()
                || (new DirectoryInfo(folder).LinkTarget is null && (File.GetUnixFileMode(folder) & Others) == 0 && UnixOwner.IsThisUser(folder));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> FindablePlaces()
    {
        if (!OperatingSystem.IsWindows())
        {
            yield return "/tmp";
            yield return "/dev/shm";
        }

        yield return Path.TrimEndingDirectorySeparator(Path.GetTempPath());
    }

    private static string CreateOnWindows(string place)
    {
        RemoveLeft(place);
        return Directory.CreateDirectory(Path.Combine(place, NewName())).FullName;
    }

    private static string NewName() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-") + Path.GetRandomFileName();

    private static IEnumerable<string?> Places()
    {
        yield return Path.GetTempPath();
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } ofSession && Path.IsPathRooted(ofSession))
        {
            yield return ofSession;
        }

        yield return "/dev/shm";
        yield return "/tmp";
        if (OperatingSystem.IsLinux())
        {
            yield return null;
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static string Create(string place)
    {
        RemoveLeft(place);
        string path = Path.Combine(place, NewName());
        if (Encoding.UTF8.GetByteCount(Path.Combine(path, LocalListener.SocketName)) > MaxSocketPath)
        {
            throw new PathTooLongException(MessageText.Format(Messages.SocketPathTooLong, MaxSocketPath));
        }

        // The call below would make it.
        return Directory.Exists(place)
            ? Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName
            : throw new DirectoryNotFoundException(Messages.PlaceNotFound);
    }

    private static void RemoveLeft(string place)
    {
        foreach ((int process, string folder) in List(place))
        {
            if (!IsRunning(process) && !IsListening(folder))
            {
                Remove(folder);
            }
        }
    }

    private static List<(int ProcessId, string Folder)> List(string place)
    {
        List<(int, string)> found = [];
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(place, Prefix + "*"))
            {
                string number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
                {
                    found.Add((process, folder));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system cleans them up.
            Debug.WriteLine(exception);
        }

        return found;
    }

    // Of a process that this one cannot see, as it is in another container.
    private static bool IsListening(string folder)
    {
        try
        {
            SocketListener.Connect(Path.Combine(folder, LocalListener.SocketName)).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
