using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Switchyard.Loader;

/// <summary>
/// Loads the images with native code of the module's assemblies, where there are some for this system. The engine then imports the module from its own path, and the
/// runtime gives it what is loaded already, as both are of one build. Without them all is the same, only compiled as it is first needed.
/// </summary>
public sealed class PrecompiledAssemblies : IModuleAssemblyInitializer
{
    /// <summary>The runtime whose native code it is: an earlier one would load it and compile all the same.</summary>
    private const int LeastRuntime = 10;

    /// <summary>Called by the engine when this assembly is imported, which the manifest says is before the module's own.</summary>
    /// <exception cref="RuntimeException">Another version of the module was imported into this process before.</exception>
    public void OnImport()
    {
        RefuseOtherVersion();
        string folder = Path.Combine(Path.GetDirectoryName(typeof(PrecompiledAssemblies).Assembly.Location)!, "precompiled", SystemName);
        if (Environment.Version.Major < LeastRuntime || !Directory.Exists(folder))
        {
            return;
        }

        try
        {
            // In the order of their dependencies, as the second would else be given another first.
            AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Switchyard.Core.dll"));
            AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, "Switchyard.dll"));
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            // Another build of the same version is loaded already, or the files are damaged. The import that follows says whether that matters.
        }
    }

    // What is loaded stays loaded, also once its module was removed. The runtime would refuse the second with no word of what to do.
    private static void RefuseOtherVersion()
    {
        Version own = typeof(PrecompiledAssemblies).Assembly.GetName().Version!;
        foreach (var loaded in AssemblyLoadContext.Default.Assemblies)
        {
            if (loaded.GetName() is { Name: "Switchyard", Version: { } other } && other != own)
            {
                string message = MessageText.Format(Messages.OtherVersionLoaded, own.ToString(3), other.ToString(3));
                throw new RuntimeException(message, null, new ErrorRecord(new InvalidOperationException(message), "Switchyard." + nameof(Messages.OtherVersionLoaded), ErrorCategory.ResourceExists, loaded.GetName()));
            }
        }
    }

    private static string SystemName =>
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux") + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
}
