using Switchyard.Engine;
using Switchyard.Sharing;

namespace Switchyard.Parameters.Affinity;

/// <summary>
/// Finds the functions among a batch's values. Each worker is given them as if they were named by -FunctionName: a process knows a function that
/// it is sent by its name alone, and one that calls itself does so by its name.
/// </summary>
internal sealed class SessionFunctionValues : ISessionObjectRules
{
    private readonly Dictionary<string, ScriptBlock> _functions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds those of some values to the functions that workers are given.</summary>
    public static IReadOnlyDictionary<string, ScriptBlock> AddTo(IReadOnlyDictionary<string, ScriptBlock> given, IEnumerable<object?> values)
    {
        SessionFunctionValues rules = new();
        SessionObjects objects = new(rules);
        foreach (object? value in values)
        {
            objects.Visit(value);
        }

        if (rules._functions.Count == 0)
        {
            return given;
        }

        foreach ((string name, ScriptBlock block) in given)
        {
            rules._functions[name] = block;
        }

        return rules._functions;
    }

    public object Replace(object value, Func<string> place)
    {
        FunctionInfo? function = value as FunctionInfo ?? (value as AliasInfo)?.ResolvedCommand as FunctionInfo;
        if (function is not null)
        {
            _functions[function.Name] = _functions[((CommandInfo)value).Name] = EngineBodies.Unbind(function.ScriptBlock);
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
