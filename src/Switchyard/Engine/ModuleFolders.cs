using Switchyard.Core.Gauges;

namespace Switchyard.Engine;

/// <summary>Whose the file of a module or of type data is. How a path is written depends on how it was found: module paths of Windows are in small letters.</summary>
internal static class ModuleFolders
{
    private static readonly FileSystemCase _names = new();

    private static readonly string[] _ofEngine =
    [
        .. new[] { AppContext.BaseDirectory, Path.GetDirectoryName(typeof(PSObject).Assembly.Location), Path.GetDirectoryName(typeof(object).Assembly.Location) }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => Path.TrimEndingDirectorySeparator(folder!))
            .Distinct(),
    ];

    /// <summary>Where the manifest is.</summary>
    public static string Own { get; } = BaseOf(Path.GetDirectoryName(typeof(ModuleFolders).Assembly.Location) ?? string.Empty);

    /// <summary>Whether it came with PowerShell itself, or the runtime.</summary>
    public static bool IsOfEngine(string? path) => path is not null && Array.Exists(_ofEngine, folder => _names.IsWithin(path, folder));

    /// <summary>Whether it is this module's folder.</summary>
    public static bool IsOwn(string? folder) => folder is not null && _names.AreSame(folder, Own);

    public static bool AreSame(string one, string other) => _names.AreSame(one, other);

    public static bool IsWithin(string? path, string folder) => path is not null && _names.IsWithin(path, folder);

    // Native code that was compiled ahead lies two folders further down.
    private static string BaseOf(string folder) =>
        Path.GetDirectoryName(folder) is { } parent && Path.GetFileName(parent) == "precompiled" ? Path.GetDirectoryName(parent)! : folder;
}
