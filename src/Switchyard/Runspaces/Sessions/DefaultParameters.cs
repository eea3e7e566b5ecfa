using System.Management.Automation.Runspaces;

namespace Switchyard.Runspaces.Sessions;

/// <summary>A session's <c>$PSDefaultParameterValues</c>, which code fills without saying that it is global.</summary>
internal sealed class DefaultParameters
{
    private readonly PSVariable? _variable;
    private readonly Dictionary<object, object?> _given = [];
    private object? _table;

    public DefaultParameters(Runspace runspace)
    {
        _variable = runspace.SessionStateProxy.PSVariable.Get("PSDefaultParameterValues");
        _table = _variable?.Value;
        foreach (DictionaryEntry entry in Table ?? new Hashtable())
        {
            _given[entry.Key] = entry.Value;
        }
    }

    private IDictionary? Table => PSObjects.Unwrap(_table) as IDictionary;

    /// <summary>Makes it what it was.</summary>
    public void Reset()
    {
        if (_variable is null || (ReferenceEquals(_variable.Value, _table) && (Table is not { } table || IsAsGiven(table))))
        {
            return;
        }

        _table = new DefaultParameterDictionary(_given);
        _variable.Value = _table;
    }

    private bool IsAsGiven(IDictionary table)
    {
        if (table.Count != _given.Count)
        {
            return false;
        }

        // Nearly always none.
        foreach ((object key, object? value) in _given)
        {
            if (!ReferenceEquals(table[key], value))
            {
                return false;
            }
        }

        return true;
    }
}
