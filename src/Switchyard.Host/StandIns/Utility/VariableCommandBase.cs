using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What the commands on variables share: which variables of which scope.</summary>
public abstract class VariableCommandBase : PSCmdlet
{
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Scope { get; set; }

    /// <summary>The variables that names stand for; a plain name that is none is an error record.</summary>
    private protected List<PSVariable> Find(string[] names, string[]? include, string[]? exclude, bool report, bool hidden = false)
    {
        IReadOnlyCollection<PSVariable> all = SessionState.Variables(Scope);
        var found = new List<PSVariable>();
        foreach (string name in names)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            PSVariable[] matches = [.. all.Where(variable => Matches(variable, name, pattern, hidden) && Passes(variable.Name, include, exclude))];
            found.AddRange(matches);
            if (matches.Length == 0 && report && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                var error = new ItemNotFoundException($"Cannot find a variable with the name '{name}'.");
                WriteError(new ErrorRecord(error, "VariableNotFound", ErrorCategory.ObjectNotFound, name));
            }
        }

        return found;
    }

    private static bool Matches(PSVariable variable, string name, WildcardPattern pattern, bool hidden)
        => (hidden || variable.Visibility == SessionStateEntryVisibility.Public)
            && (variable.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || pattern.IsMatch(variable.Name));

    private static bool Passes(string name, string[]? include, string[]? exclude)
        => (include is null or [] || IsAny(include, name)) && !IsAny(exclude ?? [], name);

    private static bool IsAny(string[] patterns, string name)
        => patterns.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name));

    /// <summary>Does something with a variable; what the session refuses is an error record.</summary>
    private protected void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (SessionStateException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
        catch (PSArgumentException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
    }
}
