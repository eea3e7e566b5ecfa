using System.Collections;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>One element of a -Property argument: a name, a script block, or a hashtable with an expression and more.</summary>
internal sealed class PropertyArgument
{
    private readonly Hashtable? _options;

    private PropertyArgument(PSPropertyExpression expression, Hashtable? options)
    {
        Expression = expression;
        _options = options;
    }

    /// <summary>What it computes.</summary>
    public PSPropertyExpression Expression { get; }

    /// <summary>What the result is called, if the argument says so.</summary>
    public string? Name => Option("Name") ?? Option("Label");

    /// <summary>Whether it sorts downwards, if the argument says so.</summary>
    public bool? Descending => Flag("Descending") ?? !Flag("Ascending");

    /// <summary>Reads a -Property argument.</summary>
    public static PropertyArgument[] Parse(PSCmdlet command, object?[]? arguments) => [.. (arguments ?? []).Select(argument => Parse(command, argument))];

    private static PropertyArgument Parse(PSCmdlet command, object? argument)
    {
        object? value = argument is PSObject { BaseObject: var inner } ? inner : argument;
        switch (value)
        {
            case PSPropertyExpression expression:
                return new PropertyArgument(expression, null);
            case ScriptBlock script:
                return new PropertyArgument(new PSPropertyExpression(script), null);
            case IDictionary options:
                return FromOptions(command, options);
            case null:
                throw Invalid(command, "Cannot convert null to one of the following types {System.String, System.Management.Automation.ScriptBlock}.", argument);
            default:
                return new PropertyArgument(new PSPropertyExpression(LanguagePrimitives.ConvertTo<string>(value)), null);
        }
    }

    private static PropertyArgument FromOptions(PSCmdlet command, IDictionary options)
    {
        var known = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in options)
        {
            // The real commands take any unambiguous beginning of a key.
            string key = LanguagePrimitives.ConvertTo<string>(entry.Key);
            string[] matches = [.. Keys.Where(candidate => key.Length > 0 && candidate.StartsWith(key, StringComparison.OrdinalIgnoreCase))];
            if (matches.Length != 1)
            {
                throw Invalid(command, $"The {key} key is not valid.", options);
            }

            known[matches[0]] = entry.Value;
        }

        object? expression = known["Expression"] ?? known["Name"] ?? known["Label"]
            ?? throw Invalid(command, "The hash table has no Expression key.", options);
        return new PropertyArgument(Parse(command, expression).Expression, known);
    }

    private static readonly string[] Keys = ["Name", "Label", "Expression", "Ascending", "Descending"];

    private static InvalidOperationException Invalid(PSCmdlet command, string message, object? argument)
    {
        var error = new InvalidOperationException(message);
        command.ThrowTerminatingError(new ErrorRecord(error, "DictionaryKeyIllegal", ErrorCategory.InvalidArgument, argument));
        return error;
    }

    private string? Option(string key) => _options?[key] is { } value ? LanguagePrimitives.ConvertTo<string>(value) : null;

    private bool? Flag(string key) => _options?[key] is { } value ? LanguagePrimitives.IsTrue(value) : null;
}
