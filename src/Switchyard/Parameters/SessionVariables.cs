using Switchyard.Errors;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Parameters;

/// <summary>Checks what -Variable holds before any worker starts.</summary>
internal static class SessionVariables
{
    // What the engine sets in every scope, or does not let code set, and what each worker has of its own.
    private static readonly HashSet<string> _reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "PSItem", "args", "input", "this", "Error", "true", "false", "null", "PSBoundParameters", "MyInvocation", "PSCmdlet",
        "PSScriptRoot", "PSCommandPath", "Host", "PID", "PWD", "ExecutionContext", "HOME", "PSHOME", "ShellId", "PSVersionTable",
        "PSEdition", "PSCulture", "PSUICulture", "IsLinux", "IsMacOS", "IsWindows", "IsCoreCLR", "EnabledExperimentalFeatures",
        "?", "^", "$", "StackTrace", "switch", "foreach", "Matches",
        SessionSettings.WorkerTable,
    };

    public static bool IsReserved(string name) => _reserved.Contains(name);

    /// <summary>Turns the hashtable into variables.</summary>
    /// <param name="variables">Names and values, or null.</param>
    /// <exception cref="BatchException">A name cannot be used, or a value is a script block.</exception>
    public static IReadOnlyDictionary<string, object?> Check(Hashtable? variables)
    {
        Dictionary<string, object?> checkedVariables = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in variables ?? [])
        {
            if (PSObjects.Unwrap(entry.Key) is not string name)
            {
                throw SessionErrors.VariableNameNotAllowed(entry.Key, Messages.VariableNameNotText);
            }

            if (string.IsNullOrWhiteSpace(name))
            {
                throw SessionErrors.VariableNameNotAllowed(name, Messages.VariableNameEmpty);
            }

            if (name.Length > 1 && name.StartsWith('$'))
            {
                throw SessionErrors.VariableNameNotAllowed(name, MessageText.Format(Messages.VariableNameWithSign, name.TrimStart('$')));
            }

            if (IsReserved(name))
            {
                throw SessionErrors.VariableNameNotAllowed(name, Messages.VariableNameReserved);
            }

            if (PSObjects.IsScriptBlock(entry.Value))
            {
                throw SessionErrors.ScriptBlockNotAllowed("-Variable " + name, entry.Value);
            }

            checkedVariables[name] = entry.Value;
        }

        return checkedVariables;
    }
}
