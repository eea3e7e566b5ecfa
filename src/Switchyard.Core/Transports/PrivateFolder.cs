namespace Switchyard.Core.Transports;

/// <summary>A folder for temporary files that only this user can enter, at a path that is short enough for a socket in it.</summary>
internal static class PrivateFolder
{
    // The longest path that a socket may have, on the system that allows the least.
    private const int MaxSocketPath = 103;

    private const string Prefix = "switchyard-";

    /// <summary>Makes one, and removes those of processes that were killed before they could.</summary>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static string Create()
    {
        RemoveLeft();
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-");
        DirectoryInfo folder = Directory.CreateTempSubdirectory(prefix);
        if (OperatingSystem.IsWindows() || Path.Combine(folder.FullName, LocalListener.SocketName).Length <= MaxSocketPath)
        {
            return folder.FullName;
        }

        // The user's temporary folder lies too deep for a socket.
        folder.Delete();
        string shallow = Path.Combine("/tmp", prefix + Path.GetRandomFileName());
        return Directory.CreateDirectory(shallow, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
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

    private static void RemoveLeft()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), Prefix + "*"))
            {
                string number = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
                if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && !IsRunning(process) && !IsListening(folder))
                {
                    Remove(folder);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system cleans them up.
            Debug.WriteLine(exception);
        }
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
