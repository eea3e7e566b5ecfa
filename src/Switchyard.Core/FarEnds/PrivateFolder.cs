using System.Diagnostics;

namespace Switchyard.FarEnds;

/// <summary>A folder for temporary files that only this user can enter, at a path that is short enough for a socket in it.</summary>
internal static class PrivateFolder
{
    // The longest path that a socket may have, on the system that allows the least.
    private const int MaxSocketPath = 103;

    /// <summary>Makes one.</summary>
    /// <param name="prefix">What its name begins with.</param>
    /// <returns>Its full path.</returns>
    /// <exception cref="IOException">There is no place for it.</exception>
    public static string Create(string prefix)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory(prefix);
        if (OperatingSystem.IsWindows() || Path.Combine(folder.FullName, "socket").Length <= MaxSocketPath)
        {
            return folder.FullName;
        }

        // Somebody's temporary folder lies too deep for a socket.
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
            // Somebody cleans temporary folders up, or looks into them. There is nothing in it that matters.
            Debug.WriteLine(exception);
        }
    }
}
