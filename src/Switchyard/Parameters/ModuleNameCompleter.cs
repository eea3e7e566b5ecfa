using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes names of installed modules, and paths where the word looks like one.</summary>
public sealed class ModuleNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (wordToComplete is not null && wordToComplete.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return CompletionCompleters.CompleteFilename(wordToComplete);
        }

        CompletionWord word = new(wordToComplete);
        using PowerShell search = PowerShell.Create(RunspaceMode.CurrentRunspace)
            .AddCommand("Get-Module")
            .AddParameter("Name", word.Pattern)
            .AddParameter("ListAvailable");
        return [.. search.Invoke<PSModuleInfo>()
            .Select(module => module.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(CompletionWord.Complete)];
    }
}
