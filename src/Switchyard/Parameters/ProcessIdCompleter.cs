using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes numbers of processes that run; a word of letters finds them by their names.</summary>
public sealed class ProcessIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new(new CompletionWord(wordToComplete).Pattern, WildcardOptions.IgnoreCase);
        List<CompletionResult> found = [];
        foreach (Process process in Process.GetProcesses().OrderBy(process => process.Id))
        {
            using (process)
            {
                string id = process.Id.ToString(CultureInfo.InvariantCulture);
                if (NameOf(process) is { } name && (pattern.IsMatch(id) || pattern.IsMatch(name)))
                {
                    found.Add(new CompletionResult(id, $"{id} {name}", CompletionResultType.ParameterValue, name));
                }
            }
        }

        return found;
    }

    private static string? NameOf(Process process)
    {
        try
        {
            return process.ProcessName;
        }
        catch (InvalidOperationException)
        {
            // Ended since it was listed.
            return null;
        }
    }
}
