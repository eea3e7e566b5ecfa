using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Switchyard.Runspaces.Sessions;

/// <summary>The commands of this module, for sessions that know them without importing it: that would cost each milliseconds.</summary>
internal static class ModuleCommands
{
    private static readonly (string Name, Type Type)[] _commands =
    [
        .. from type in typeof(ModuleCommands).Assembly.GetExportedTypes()
           where type.IsSubclassOf(typeof(Cmdlet))
           let name = type.GetCustomAttribute<CmdletAttribute>()
           where name is not null
           select ($"{name.VerbName}-{name.NounName}", type),
    ];

    public static void AddTo(InitialSessionState initial)
    {
        foreach ((string name, Type type) in _commands)
        {
            initial.Commands.Add(new SessionStateCmdletEntry(name, type, null));
        }
    }
}
