using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Runspaces.Cloning;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>
/// Takes the caller's session for -CloneSession: what the caller's code sees where it calls, once, on the caller's thread. Nothing
/// is taken that is hidden from the caller.
/// </summary>
internal static class SessionClone
{
    /// <summary>Adds the caller's session to what each worker is given.</summary>
    public static SessionSettings AddTo(SessionSettings settings, SessionState session, Action<string> warn)
    {
        Runspace runspace = Runspace.DefaultRunspace;
        CallerModules modules = CallerModules.Find();
        CallerVariables variables = CallerVariables.Find(runspace, settings, modules);
        ClonedTypes? types = EngineTypes.VisibleTypes(runspace);
        foreach (Type type in types?.Types.Values ?? [])
        {
            EngineTypes.FreeStaticMethods(type);
        }

        if (variables.ScriptBlocks.Count > 0 || modules.Dynamic.Count > 0)
        {
            warn(SessionErrors.CloneIncomplete(variables.ScriptBlocks, modules.Dynamic));
        }

        return settings with
        {
            Cloned = new ClonedSession
            {
                Modules = [.. modules.Cloned.Where(module => !settings.Modules.Any(path => ModuleFolders.AreSame(path, module.Path)))],
                TypeData = ClonedTypeData.Of(runspace),
                Drives = [.. session.Drive.GetAll().Select(ClonedDrive.Of)],
                Functions = CallerCommands.Functions(runspace, session.Module),
                Aliases = CallerCommands.Aliases(runspace, session.Module, settings.Functions.ContainsKey),
                Variables = variables.Cloned,
                DefaultParameters = variables.DefaultParameters,
                Types = types,
            },
        };
    }
}
