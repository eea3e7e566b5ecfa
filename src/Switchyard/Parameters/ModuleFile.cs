namespace Switchyard.Parameters;

/// <summary>Finds the file that an imported module can be imported from once more.</summary>
internal static class ModuleFile
{
    /// <summary>The module's manifest if it was imported by that, else the file that it says it is.</summary>
    /// <returns>The file's path, or null if the module is in no file.</returns>
    public static string? Find(PSModuleInfo module)
    {
        // A module names its root script, even when its manifest decided what is exported and what comes along.
        string manifest = Path.Combine(module.ModuleBase ?? string.Empty, module.Name + ".psd1");
        bool hasManifest = module.Version != new Version(0, 0) || module.Guid != Guid.Empty;
        return hasManifest && File.Exists(manifest) ? manifest : File.Exists(module.Path) ? module.Path : null;
    }
}
