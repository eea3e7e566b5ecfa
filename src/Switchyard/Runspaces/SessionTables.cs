using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces;

/// <summary>What a session sees: of each name the entry of the innermost scope, as its own code would find it.</summary>
internal static class SessionTables
{
    /// <summary>The functions and filters.</summary>
    /// <param name="runspace">The session's runspace, on its own thread.</param>
    /// <returns>All of them.</returns>
    public static IEnumerable<FunctionInfo> Functions(Runspace runspace) =>
        EngineSessions.Table<FunctionInfo>(runspace, "GetFunctionTable") ?? List<FunctionInfo>(runspace, "function:");

    /// <summary>The aliases.</summary>
    /// <param name="runspace">The session's runspace, on its own thread.</param>
    /// <returns>All of them.</returns>
    public static IEnumerable<AliasInfo> Aliases(Runspace runspace) =>
        EngineSessions.Table<AliasInfo>(runspace, "GetAliasTable") ?? List<AliasInfo>(runspace, "alias:");

    /// <summary>The variables.</summary>
    /// <param name="runspace">The session's runspace, on its own thread.</param>
    /// <returns>All of them.</returns>
    public static IEnumerable<PSVariable> Variables(Runspace runspace) =>
        EngineSessions.Table<PSVariable>(runspace, "GetVariableTable") ?? List<PSVariable>(runspace, "variable:");

    /// <summary>Whether a module is part of PowerShell itself, so that every session finds it by itself.</summary>
    /// <param name="module">The module, or null.</param>
    /// <returns>True if so.</returns>
    public static bool IsOfEngine(PSModuleInfo? module) =>
        module is not null
        && (module.ModuleBase + Path.DirectorySeparatorChar).StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal);

    private static IEnumerable<T> List<T>(Runspace runspace, string path) =>
        runspace.SessionStateProxy.InvokeProvider.ChildItem.Get(path, recurse: false).Select(item => item.BaseObject).OfType<T>();
}
