namespace Switchyard.Core.Processes;

/// <summary>Finds a program by its name as the system does that starts it: on the PATH that it will have.</summary>
internal static class ProgramSearch
{
    public const string Variable = "PATH";

    // Where there is no PATH, the C library looks here.
    private const string UnixDefault = "/bin:/usr/bin";

    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Finds a program by its name or path.</summary>
    /// <param name="name">A name, or a path.</param>
    /// <param name="searchPath">The value of PATH; null if there is none.</param>
    /// <param name="folder">What a relative path counts from.</param>
    /// <param name="extensions">What may be left out of the name, in the order of preference.</param>
    /// <returns>Its path; null if there is none that can be run.</returns>
    public static string? Find(string name, string? searchPath, string folder, params IEnumerable<string> extensions)
    {
        if (name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            string path = Path.Combine(folder, name);
            return IsProgram(path) ? path : null;
        }

        foreach (string place in (searchPath ?? (OperatingSystem.IsWindows() ? string.Empty : UnixDefault)).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string extension in extensions.Prepend(string.Empty))
            {
                string path = Path.Combine(folder, place.Trim('"'), name + extension);
                if (IsProgram(path))
                {
                    return path;
                }
            }
        }

        return null;
    }

    /// <summary>Whether a file is marked as a program.</summary>
    public static bool IsMarked(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0;

    private static bool IsProgram(string path) => File.Exists(path) && (IsMarked(path) || path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase));
}
