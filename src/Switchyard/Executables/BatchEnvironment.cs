using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Errors;

namespace Switchyard.Executables;

/// <summary>The environment of a batch's processes, as the cmdlets' parameters say.</summary>
internal static class BatchEnvironment
{
    /// <summary>Reads -Environment.</summary>
    /// <param name="given">Its value; null if it was not given.</param>
    /// <returns>Variables to set, or with null to remove.</returns>
    /// <exception cref="BatchException">A name cannot be one.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Changes(IDictionary? given)
    {
        List<KeyValuePair<string, string?>> changes = [];
        foreach (DictionaryEntry entry in given ?? new Hashtable())
        {
            string name = TextOf(entry.Key);
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                throw ExecutableErrors.EnvironmentNameNotAllowed(name);
            }

            changes.Add(KeyValuePair.Create(name, entry.Value is null ? null : TextOf(entry.Value)));
        }

        return changes;
    }

    private static string TextOf(object value)
    {
        try
        {
            return ArgumentText.Of(value);
        }
        catch (RuntimeException exception)
        {
            throw new BatchException(ExecutableErrors.ItemHasNoText(value, exception));
        }
    }

    /// <summary>Makes the environment: the caller's, with what was asked for, and no more threads in each process than there is room for.</summary>
    /// <param name="throttleLimit">How many processes run at a time; 0 if not given.</param>
    public static ChildEnvironment Create(IReadOnlyList<KeyValuePair<string, string?>> changes, int throttleLimit)
    {
        IEnumerable<KeyValuePair<string, string?>> threads = ThreadCountVariables.For(
            Environment.ProcessorCount,
            throttleLimit > 0 ? throttleLimit : Environment.ProcessorCount,
            name => Environment.GetEnvironmentVariable(name) is not null || changes.Any(change => change.Key == name));
        return new ChildEnvironment([.. changes, .. threads]);
    }
}
