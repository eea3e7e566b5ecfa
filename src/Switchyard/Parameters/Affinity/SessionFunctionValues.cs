using Switchyard.Engine;
using Switchyard.Sharing;

namespace Switchyard.Parameters.Affinity;

/// <summary>
/// Finds the functions among a batch's values. Each worker is given them as if they were named by -FunctionName: a process knows a function that
/// it is sent by its name alone, and one that calls itself does so by its name.
/// </summary>
internal sealed class SessionFunctionValues : ISessionObjectRules
{
    private readonly Dictionary<string, FunctionInfo> _functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds those that some values are or hold, by the names that they were given by.</summary>
    public static IReadOnlyDictionary<string, FunctionInfo> In(IEnumerable<object?> values)
    {
        SessionFunctionValues rules = new();
        SessionObjects objects = new(rules);
        foreach (object? value in values)
        {
            objects.Visit(value);
        }

        return rules._functions;
    }

    public object Replace(object value, Func<string> place)
    {
        FunctionInfo? function = value as FunctionInfo ?? (value as AliasInfo)?.ResolvedCommand as FunctionInfo;

        // Of lists of commands, as Get-Command makes them, only what the caller has defined.
        if (function is not null && (function.Module is null ? !CallerCommands.IsBuiltIn(function) : place().Length == 0))
        {
            _functions[function.Name] = _functions[((CommandInfo)value).Name] = function;
        }

        return value;
    }

    public void Free(ScriptClass kind, object instance, Func<string> place)
    {
    }

    public void Free(ScriptClass kind)
    {
    }

    public void Refuse(object value, Func<string> place)
    {
    }

    public ScriptBlock? Unbind(ScriptBlock code, Func<string> place) => null;
}
