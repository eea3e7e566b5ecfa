using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.Runspaces.Sessions;

/// <summary>What a session sees: of each name the entry of the innermost scope, as its own code would find it.</summary>
internal static class SessionTables
{
    private static readonly CmdletInfo _list = new("Get-SessionTable", typeof(ListTableCommand));

    public static IEnumerable<FunctionInfo> Functions(Runspace runspace) =>
        EngineSessions.Table<FunctionInfo>(runspace, EngineMembers.FunctionTable) ?? List<FunctionInfo>("function:");

    public static IEnumerable<AliasInfo> Aliases(Runspace runspace) =>
        EngineSessions.Table<AliasInfo>(runspace, EngineMembers.AliasTable) ?? List<AliasInfo>("alias:");

    public static IEnumerable<PSVariable> Variables(Runspace runspace) =>
        EngineSessions.Table<PSVariable>(runspace, EngineMembers.VariableTable) ?? List<PSVariable>("variable:");

    /// <summary>Whether a module is part of PowerShell itself, so that every session finds it by itself.</summary>
    /// <param name="module">The module, or null.</param>
    public static bool IsOfEngine(PSModuleInfo? module) =>
        module is not null && ModuleFolders.IsOfEngine(module.ModuleBase);

    private static IEnumerable<T> List<T>(string path)
    {
        using PowerShell list = PowerShell.Create(RunspaceMode.CurrentRunspace).AddCommand(_list).AddParameter(nameof(ListTableCommand.Path), path);
        return [.. list.Invoke().Select(item => item.BaseObject).OfType<T>()];
    }
}
