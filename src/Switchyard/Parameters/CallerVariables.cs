using System.Collections.ObjectModel;
using System.Management.Automation.Runspaces;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Cloning;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>The variables that the caller sees, without the engine's own.</summary>
/// <param name="DefaultParameters">The default parameter values, with unbound blocks; null if the caller has none.</param>
/// <param name="ScriptBlocks">Names of those that hold script blocks, which belong to the session that made them.</param>
internal sealed record CallerVariables(
    IReadOnlyList<ClonedVariable> Cloned, DefaultParameterDictionary? DefaultParameters, IReadOnlyList<string> ScriptBlocks)
{
    private const ScopedItemOptions Kept = ScopedItemOptions.ReadOnly | ScopedItemOptions.Constant | ScopedItemOptions.AllScope;
    private const string DefaultParametersName = "PSDefaultParameterValues";

    // What a session sets for itself; and what would switch off a worker's own work: that nothing is to be run was said to the
    // batch and answered there, and the engine's modules are not cloned but found.
    private static readonly HashSet<string> _ofSession = new(StringComparer.OrdinalIgnoreCase)
    {
        "LASTEXITCODE", "NestedPromptLevel", "PSDebugContext", "Event", "EventArgs", "EventSubscriber", "Sender", "SourceArgs",
        "SourceEventArgs", "WhatIfPreference", "PSModuleAutoLoadingPreference",
    };

    /// <summary>Finds those of all scopes; of one name the innermost.</summary>
    public static CallerVariables Find(Runspace runspace, SessionSettings settings, CallerModules modules)
    {
        List<ClonedVariable> cloned = [];
        List<string> scriptBlocks = [];
        DefaultParameterDictionary? defaults = null;
        foreach (PSVariable variable in SessionTables.Variables(runspace))
        {
            if (!IsTaken(variable, settings) || modules.Bring(variable.Module))
            {
                continue;
            }

            object? value = variable.Value;
            if (PSObjects.IsScriptBlock(value))
            {
                scriptBlocks.Add(variable.Name);
            }
            else if (!variable.Name.Equals(DefaultParametersName, StringComparison.OrdinalIgnoreCase))
            {
                cloned.Add(new ClonedVariable(variable.Name, value, variable.Options & Kept, Constraints(variable)));
            }
            else if (PSObjects.Unwrap(value) is IDictionary given)
            {
                defaults = Unbind(given);
            }
        }

        return new CallerVariables(cloned, defaults, scriptBlocks);
    }

    private static bool IsTaken(PSVariable variable, SessionSettings settings) =>
        !IsOfEngine(variable)
        && variable.Visibility == SessionStateEntryVisibility.Public
        && !SessionVariables.IsReserved(variable.Name)
        && !_ofSession.Contains(variable.Name)
        && !settings.Preferences.ContainsKey(variable.Name)
        && !settings.Variables.ContainsKey(variable.Name);

    // Those that no script can change or hide.
    private static bool IsOfEngine(PSVariable variable) =>
        ((variable.Options & (ScopedItemOptions.ReadOnly | ScopedItemOptions.Constant)) != 0 && (variable.Options & ScopedItemOptions.AllScope) != 0)
        || variable.Name.Equals("Error", StringComparison.OrdinalIgnoreCase);

    private static DefaultParameterDictionary Unbind(IDictionary defaults)
    {
        DefaultParameterDictionary copy = [];
        foreach (DictionaryEntry entry in defaults)
        {
            if (entry.Key is not string name)
            {
                continue;
            }

            try
            {
                copy[name] = PSObjects.Unwrap(entry.Value) is ScriptBlock block ? SharedBody.Unbind(block) : entry.Value;
            }
            catch (InvalidOperationException)
            {
                // No name of a parameter. The engine leaves such an entry of the caller's own hashtable out too, and has said so.
            }
        }

        return copy;
    }

    // Those that hold code of the caller's session, or are such code, can be run nowhere else.
    private static Collection<Attribute> Constraints(PSVariable variable) =>
        [.. variable.Attributes.Where(attribute => attribute is not ValidateScriptAttribute && !attribute.GetType().Assembly.IsDynamic)];
}
