using System.Reflection;

namespace Switchyard.Engine;

/// <summary>What the engine knows of files.</summary>
internal static class EngineFiles
{
    /// <summary>What Unix knows of a file: owner, mode, times. The property <c>UnixStat</c> of files, from which others are made.</summary>
    /// <returns>What is known; null where nothing is.</returns>
    public static object? UnixStat(string path)
    {
        try
        {
            return EngineMembers.UnixStat?.Info?.Invoke(null, [path]);
        }
        catch (TargetInvocationException)
        {
            // It is gone, or may not be read: as the provider has it.
            return null;
        }
    }
}
