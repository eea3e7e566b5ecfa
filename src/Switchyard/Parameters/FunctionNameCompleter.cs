using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes names of functions in the caller's session.</summary>
public sealed class FunctionNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        CompletionWord word = new(wordToComplete);
        using PowerShell search = PowerShell.Create(RunspaceMode.CurrentRunspace)
            .AddCommand("Get-Command")
            .AddParameter("Name", word.Pattern)
            .AddParameter("CommandType", CommandTypes.Function | CommandTypes.Filter)
            .AddParameter("ListImported");
        return [.. search.Invoke<FunctionInfo>()
            .Select(function => function.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(CompletionWord.Complete)];
    }
}
