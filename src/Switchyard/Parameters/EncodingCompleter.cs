using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes names of encodings.</summary>
public sealed class EncodingCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new(new CompletionWord(wordToComplete).Pattern, WildcardOptions.IgnoreCase);
        return EncodingArgument.Names.Where(pattern.IsMatch).Select(CompletionWord.Complete);
    }
}
