namespace Switchyard.Choosing.Known;

/// <summary>Tells native programs, which do the same wherever they are started, from scripts and from commands that are not known.</summary>
internal static class Programs
{
    private static readonly string[] _scripts = [".ps1", ".psm1", ".psd1", ".cmdletx"];

    public static bool IsOne(string name, string folder)
    {
        if (_scripts.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase) || name.AsSpan().IndexOfAny('*', '?', '[') >= 0)
        {
            return false;
        }

        if (name.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return folder.Length > 0 && IsThere(Path.Combine(folder, name));
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(place => Path.IsPathFullyQualified(place) && IsThere(Path.Combine(place, name)));
    }

    // A script of that name would be run instead.
    private static bool IsThere(string path) =>
        !File.Exists(path + _scripts[0])
        && (File.Exists(path) || (OperatingSystem.IsWindows() && (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE").Split(';').Any(extension => File.Exists(path + extension))));
}
