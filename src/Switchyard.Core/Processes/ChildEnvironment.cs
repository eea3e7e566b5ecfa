namespace Switchyard.Core.Processes;

/// <summary>The environment of a run's children: the caller's, with what was asked for changed.</summary>
internal sealed class ChildEnvironment
{
    /// <summary>The variable that marks a child and what it starts, and nothing else.</summary>
    public const string MarkName = "SWITCHYARD_CHILD";

    /// <summary>Takes the caller's environment as it is now.</summary>
    /// <param name="changes">Variables to set, or with null to remove.</param>
    public ChildEnvironment(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        Dictionary<string, string> variables = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? string.Empty;
        }

        foreach ((string name, string? value) in changes)
        {
            if (value is null)
            {
                variables.Remove(name);
            }
            else
            {
                variables[name] = value;
            }
        }

        variables.Remove(MarkName);
        Variables = variables;
    }

    public IReadOnlyDictionary<string, string> Variables { get; }
}
