using System.Management.Automation.Language;

namespace Switchyard.Choosing.Code;

/// <summary>What stands behind a command's name. Which parameter a name means that is cut short is not looked up: it may mean each that begins so.</summary>
internal sealed class CommandArguments
{
    private static readonly string[] _variables =
        ["OutVariable", "ov", "ErrorVariable", "ev", "WarningVariable", "wv", "InformationVariable", "iv", "PipelineVariable", "pv", "SessionVariable", "ResponseHeadersVariable", "StatusCodeVariable"];

    private readonly Dictionary<string, ExpressionAst?> _named = new(StringComparer.OrdinalIgnoreCase);

    public CommandArguments(CommandAst command)
    {
        CommandParameterAst? parameter = null;
        foreach (CommandElementAst element in command.CommandElements.Skip(1))
        {
            if (element is CommandParameterAst next)
            {
                parameter = next;
                Take(next, next.Argument);
                if (next.Argument is not null)
                {
                    parameter = null;
                }
            }
            else if (element is ExpressionAst value)
            {
                Take(parameter, value);
                parameter = null;
            }
        }
    }

    /// <summary>All values that are not blocks.</summary>
    public List<ExpressionAst> Values { get; } = [];

    /// <summary>Blocks, also those in a table or array.</summary>
    public List<ScriptBlockExpressionAst> Blocks { get; } = [];

    /// <summary>Those that follow no parameter's name. What follows a switch counts as its value, so it may be there all the same.</summary>
    public List<ExpressionAst> Positional { get; } = [];

    /// <summary>Whether some come from a variable.</summary>
    public bool IsSplat { get; private set; }

    /// <summary>The variable that the command sets by itself.</summary>
    public string? Variable { get; private set; }

    /// <summary>Whether the command sets a variable of which the name is not known.</summary>
    public bool SetsUnknown { get; private set; }

    /// <summary>Whether a parameter may be given.</summary>
    public bool Has(string name) => _named.Keys.Any(given => name.StartsWith(given, StringComparison.OrdinalIgnoreCase));

    public ExpressionAst? ValueOf(string name) => _named.FirstOrDefault(given => name.StartsWith(given.Key, StringComparison.OrdinalIgnoreCase)).Value;

    private void Take(CommandParameterAst? parameter, ExpressionAst? value)
    {
        if (parameter is not null)
        {
            _named[parameter.ParameterName] = value;
            if (_variables.Any(name => name.StartsWith(parameter.ParameterName, StringComparison.OrdinalIgnoreCase) && (parameter.ParameterName.Length > 3 || name.Length == 2)))
            {
                Variable = (value as StringConstantExpressionAst)?.Value.TrimStart('+');
                SetsUnknown |= Variable is null && value is not null;
            }
        }

        switch (value)
        {
            case null:
                return;
            case VariableExpressionAst { Splatted: true }:
                IsSplat = true;
                break;
            case ScriptBlockExpressionAst block:
                Blocks.Add(block);
                Place(parameter, value);
                return;
        }

        Values.Add(value);
        Place(parameter, value);
    }

    private void Place(CommandParameterAst? parameter, ExpressionAst value)
    {
        if (parameter is null)
        {
            Positional.Add(value);
        }
    }
}
