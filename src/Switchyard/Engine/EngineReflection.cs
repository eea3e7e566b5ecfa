using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>
/// The ground of all reflection into the engine, which stands in this folder and nowhere else. Each member is bound once and, where a version of
/// PowerShell lacks it, replaced by the nearest public way; what then differs is said beside it.
/// </summary>
internal static class EngineReflection
{
    /// <summary>Members of an object, public or not.</summary>
    public const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Members of a type, public or not.</summary>
    public const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The engine.</summary>
    public static Assembly Engine { get; } = typeof(PSObject).Assembly;

    /// <summary>A runspace's execution context.</summary>
    public static PropertyInfo? Context { get; } = typeof(Runspace).GetProperty("ExecutionContext", Instance);

    /// <summary>The state of a session.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>The state, or null where the engine does not tell.</returns>
    public static object? SessionState(Runspace runspace) => Member(Context?.GetValue(runspace), "EngineSessionState");

    /// <summary>Reads a property.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="property">Its name.</param>
    /// <returns>The value; null if there is no owner or no such property.</returns>
    public static object? Member(object? owner, string property) => owner?.GetType().GetProperty(property, Instance)?.GetValue(owner);
}
