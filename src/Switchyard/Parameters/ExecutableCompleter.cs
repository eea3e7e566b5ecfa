using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes executables: names on PATH, or paths once the word looks like one.</summary>
public sealed class ExecutableCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        IEnumerable<CompletionResult> files = CompletionCompleters.CompleteFilename(wordToComplete ?? string.Empty);
        bool isPath = wordToComplete is not null && wordToComplete.AsSpan().IndexOfAny(@"/\~") >= 0;
        return isPath ? files : [.. FindOnPath(new CompletionWord(wordToComplete).Pattern), .. files];
    }

    private static IEnumerable<CompletionResult> FindOnPath(string pattern)
    {
        using PowerShell search = PowerShell.Create(RunspaceMode.CurrentRunspace)
            .AddCommand("Get-Command")
            .AddParameter("Name", pattern)
            .AddParameter("CommandType", CommandTypes.Application | CommandTypes.ExternalScript);
        return [.. search.Invoke<CommandInfo>()
            .Select(command => command.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(CompletionWord.Complete)];
    }
}
