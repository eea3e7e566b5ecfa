using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.Runspaces.Sessions;

/// <summary>
/// What a session held when it was new. A session that holds more than it did is not used again for another batch: resetting
/// its variables and location is possible, undoing a body's global functions, aliases, drives or modules is not.
/// </summary>
internal sealed class SessionBaseline
{
    private readonly Dictionary<string, string> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _drives;
    private readonly HashSet<string> _dataFiles = [];
    private readonly int _typeCount;
    private readonly int _formatCount;

    private SessionBaseline(Runspace runspace)
    {
        foreach (FunctionInfo function in SessionTables.Functions(runspace))
        {
            _functions[function.Name] = function.Definition;
        }

        foreach (AliasInfo alias in SessionTables.Aliases(runspace))
        {
            _aliases[alias.Name] = alias.Definition;
        }

        _drives = new HashSet<string>(Drives(runspace), StringComparer.OrdinalIgnoreCase);
        InitialSessionState data = runspace.InitialSessionState;
        _typeCount = data.Types.Count;
        _formatCount = data.Formats.Count;
        _dataFiles.UnionWith(data.Types.Select(entry => entry.FileName).Concat(data.Formats.Select(entry => entry.FileName)).Where(file => file is not null));
    }

    /// <summary>Takes note of a new session. The others that start from the same state are like it.</summary>
    public static SessionBaseline Of(Runspace runspace) => new(runspace);

    /// <summary>Compares a session with what it was.</summary>
    /// <returns>
    /// True if it has the same functions, aliases, drives, type and format data but for what comes with the engine's own modules, no other module, and nothing
    /// that has a say in how commands are found.
    /// </returns>
    public bool Matches(Runspace runspace) =>
        Modules(runspace).All(IsOfEngine)
        && SessionTables.Functions(runspace).All(IsKnown)
        && SessionTables.Aliases(runspace).All(IsKnown)
        && _drives.SetEquals(Drives(runspace))
        && HasUsualData(runspace.InitialSessionState)
        && !EngineSessions.IsStrict(runspace)
        && FindsCommandsAsUsual(runspace.SessionStateProxy.InvokeCommand);

    private static IEnumerable<string> Drives(Runspace runspace) =>
        runspace.SessionStateProxy.Drive.GetAll().Where(drive => !ClonedDrive.Of(drive).ComesByItself).Select(drive => drive.Name);

    // The engine keeps what was changed in a list behind what it began with: even a removal makes it longer, or shorter if a file goes.
    private bool HasUsualData(InitialSessionState data) =>
        data.Types.Count(entry => entry.IsRemove || !CameWithModule(entry.FileName)) == _typeCount
        && data.Formats.Count(entry => !CameWithModule(entry.FileName)) == _formatCount;

    private bool CameWithModule(string? file) => file is not null && !_dataFiles.Contains(file) && ModuleFolders.IsOfEngine(file);

    private static bool FindsCommandsAsUsual(CommandInvocationIntrinsics commands) =>
        commands is { CommandNotFoundAction: null, PreCommandLookupAction: null, PostCommandLookupAction: null };

    // The engine's own modules are imported by the first use of one of their commands, and hold nothing of a batch.
    private static bool IsOfEngine(PSModuleInfo? module) => SessionTables.IsOfEngine(module);

    private static IEnumerable<PSModuleInfo> Modules(Runspace runspace)
    {
        if (EngineSessions.Modules(runspace) is { } modules)
        {
            return modules;
        }

        using PowerShell list = PowerShell.Create(RunspaceMode.CurrentRunspace).AddCommand("Get-Module");
        return list.Invoke<PSModuleInfo>();
    }

    private bool IsKnown(FunctionInfo function) =>
        IsOfEngine(function.Module)
        || (_functions.TryGetValue(function.Name, out string? known) && known == function.Definition);

    private bool IsKnown(AliasInfo alias) =>
        IsOfEngine(alias.Module) || (_aliases.TryGetValue(alias.Name, out string? known) && known == alias.Definition);
}
