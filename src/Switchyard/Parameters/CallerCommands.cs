using System.Management.Automation.Runspaces;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>The functions and aliases that the caller has beside those that every session has and those of imported modules.</summary>
internal static class CallerCommands
{
    // Taken once in a process. What was redefined differs from these.
    private static readonly Lazy<Dictionary<string, string>> _builtIn = new(FindBuiltIn);

    /// <summary>The functions and filters that are neither every session's nor an imported module's.</summary>
    public static IEnumerable<FunctionInfo> OwnFunctions(Runspace runspace, PSModuleInfo? own) =>
        SessionTables.Functions(runspace).Where(function => IsTaken(function, own) && !IsBuiltIn(function));

    /// <summary>Takes the functions and filters.</summary>
    /// <param name="own">The module that calls, which sees its private functions too; null if none does.</param>
    public static IReadOnlyDictionary<string, ScriptBlock> Functions(Runspace runspace, PSModuleInfo? own) =>
        OwnFunctions(runspace, own)
            .ToDictionary(function => function.Name, function => SharedBody.Unbind(function.ScriptBlock), StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes the aliases.</summary>
    /// <param name="own">The module that calls; null if none does.</param>
    /// <param name="isNamed">Whether -FunctionName gives a function of a name, which an alias would hide.</param>
    public static IReadOnlyDictionary<string, string> Aliases(Runspace runspace, PSModuleInfo? own, Func<string, bool> isNamed) =>
        SessionTables.Aliases(runspace)
            .Where(alias => IsTaken(alias, own) && !IsBuiltIn(alias) && !isNamed(alias.Name))
            .ToDictionary(alias => alias.Name, alias => alias.Definition, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether every session has it.</summary>
    public static bool IsBuiltIn(CommandInfo command) =>
        _builtIn.Value.TryGetValue(command.Name, out string? definition) && definition == command.Definition;

    // What another module defined comes with that module.
    private static bool IsTaken(CommandInfo command, PSModuleInfo? own) =>
        command.Visibility == SessionStateEntryVisibility.Public && (command.Module is null || ReferenceEquals(command.Module, own));

    private static Dictionary<string, string> FindBuiltIn()
    {
        Dictionary<string, string> definitions = new(StringComparer.OrdinalIgnoreCase);
        foreach (SessionStateCommandEntry entry in InitialSessionState.CreateDefault2().Commands)
        {
            string? definition = entry switch
            {
                SessionStateFunctionEntry function => function.Definition,
                SessionStateAliasEntry alias => alias.Definition,
                _ => null,
            };
            if (definition is not null)
            {
                definitions[entry.Name] = definition;
            }
        }

        return definitions;
    }
}
