namespace Switchyard.Host.Hosting;

/// <summary>Where modules are found: the built module by name, and the stand-ins for what the engine's package lacks.</summary>
internal static class ModulePaths
{
    private const string PathVariable = "PSModulePath";
    private const string CacheVariable = "PSModuleAnalysisCachePath";

    /// <summary>The module's manifest, beside the host.</summary>
    public static string SwitchyardManifest { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "Switchyard", "Switchyard.psd1"));

    private static string StandInFolder => Path.Combine(AppContext.BaseDirectory, "Modules");

    /// <summary>
    /// Puts the host's folders at the end of PSModulePath, so that every runspace of this process finds them by name, while
    /// a child pwsh, which inherits the variable and puts its own modules in front, never takes a stand-in for the real command.
    /// </summary>
    public static void Extend()
    {
        string inherited = Environment.GetEnvironmentVariable(PathVariable) ?? string.Empty;
        IEnumerable<string> kept = inherited
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(folder => !HoldsCoreModules(folder));
        string outFolder = Path.GetDirectoryName(Path.GetDirectoryName(SwitchyardManifest)!)!;
        IEnumerable<string> all = kept.Append(StandInFolder).Append(outFolder).Distinct(StringComparer.Ordinal);
        Environment.SetEnvironmentVariable(PathVariable, string.Join(Path.PathSeparator, all));
    }

    /// <summary>
    /// Keeps the engine's cache of module analyses in memory: ours have manifests that are read in no time, and a script that
    /// runs once shall leave no file behind. The variable is only there while the cache starts; child processes do not see it.
    /// </summary>
    public static void KeepAnalysisInMemory()
    {
        string? before = Environment.GetEnvironmentVariable(CacheVariable);
        if (!string.IsNullOrEmpty(before))
        {
            return;
        }

        Environment.SetEnvironmentVariable(CacheVariable, OperatingSystem.IsWindows() ? "NUL" : "/dev/null");
        EngineInternals.StartModuleAnalysisCache();
        Environment.SetEnvironmentVariable(CacheVariable, null);
    }

    // The modules of some pwsh's own folder are bound to that pwsh's assemblies, which this engine does not have.
    private static bool HoldsCoreModules(string folder) => Directory.Exists(Path.Combine(folder, "Microsoft.PowerShell.Utility"));
}
