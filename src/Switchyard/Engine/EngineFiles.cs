using System.Reflection;

namespace Switchyard.Engine;

/// <summary>What the engine knows of files.</summary>
internal static class EngineFiles
{
    private static readonly MethodInfo? _unixStat = EngineReflection.Engine
        .GetType("System.Management.Automation.Platform+Unix")?.GetMethod("GetLStat", EngineReflection.Static, [typeof(string)]);

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IEnumerable<string> Missing => _unixStat is null && !OperatingSystem.IsWindows() ? ["Platform.Unix.GetLStat"] : [];

    /// <summary>What Unix knows of a file: owner, mode, times. The property <c>UnixStat</c> of files, from which others are made.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What is known; null where nothing is.</returns>
    public static object? UnixStat(string path)
    {
        try
        {
            return _unixStat?.Invoke(null, [path]);
        }
        catch (TargetInvocationException)
        {
            // It is gone, or may not be looked at: as the provider has it.
            return null;
        }
    }
}
