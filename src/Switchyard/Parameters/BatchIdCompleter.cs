using System.Management.Automation.Language;
using Switchyard.Control;
using Switchyard.Core.Control;

namespace Switchyard.Parameters;

/// <summary>Completes ids of batches that run; a word of letters finds them by what they run.</summary>
public sealed class BatchIdCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new(new CompletionWord(wordToComplete).Pattern, WildcardOptions.IgnoreCase);
        foreach (BatchStatus batch in BatchHub.All.List(process: null))
        {
            if (pattern.IsMatch(batch.Id) || pattern.IsMatch(batch.Command) || pattern.IsMatch(batch.Work) || pattern.IsMatch(batch.JobName ?? string.Empty))
            {
                yield return new CompletionResult(batch.Id, $"{batch.Id} {batch.Command}", CompletionResultType.ParameterValue, batch.Work);
            }
        }
    }
}
