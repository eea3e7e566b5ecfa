using System.Management.Automation.Runspaces;

namespace Switchyard.Host.CommandLine;

/// <summary>Turns what follows a script's path into parameters and positional arguments, as pwsh -File does.</summary>
internal static class ScriptArgumentParser
{
    /// <summary>Reads the arguments of a script.</summary>
    public static IReadOnlyList<CommandParameter> Parse(ReadOnlySpan<string> arguments)
    {
        var parsed = new List<CommandParameter>(arguments.Length);
        string? pending = null;
        foreach (string argument in arguments)
        {
            if (pending is not null)
            {
                parsed.Add(new CommandParameter(pending, argument));
                pending = null;
            }
            else if (argument is not ['-', _, ..])
            {
                parsed.Add(new CommandParameter(null, argument));
            }
            else if (argument.IndexOf(':') is var colon && colon < 0)
            {
                // Whether the next argument is this one's value depends on the script's parameters: the binder knows.
                parsed.Add(new CommandParameter(argument));
            }
            else if (colon == argument.Length - 1)
            {
                pending = argument[..colon];
            }
            else
            {
                parsed.Add(new CommandParameter(argument[..colon], BooleanOrText(argument[(colon + 1)..])));
            }
        }

        if (pending is not null)
        {
            parsed.Add(new CommandParameter(pending));
        }

        return parsed;
    }

    private static object BooleanOrText(string value)
        => bool.TryParse(value.StartsWith('$') ? value.AsSpan(1) : value, out bool boolean) ? boolean : value;
}
