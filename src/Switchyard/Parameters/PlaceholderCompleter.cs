using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Completes the placeholders of an executable's arguments, each with what it stands for.</summary>
public sealed class PlaceholderCompleter : IArgumentCompleter
{
    private static readonly (string Text, string Meaning)[] _placeholders =
    [
        ("{}", Messages.PlaceholderItem),
        ("{.}", Messages.PlaceholderWithoutExtension),
        ("{/}", Messages.PlaceholderFileName),
        ("{//}", Messages.PlaceholderFolder),
        ("{/.}", Messages.PlaceholderFileNameWithoutExtension),
        ("{#}", Messages.PlaceholderNumber),
        ("{%}", Messages.PlaceholderSlot),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // A script block's parameters can be anything.
        if (fakeBoundParameters?.Contains("FilePath") != true)
        {
            return CompletionCompleters.CompleteFilename(wordToComplete ?? string.Empty);
        }

        WildcardPattern pattern = new(new CompletionWord(wordToComplete).Pattern);
        IEnumerable<CompletionResult> found = _placeholders
            .Where(placeholder => pattern.IsMatch(placeholder.Text))
            .Select(placeholder => new CompletionResult($"'{placeholder.Text}'", placeholder.Text, CompletionResultType.ParameterValue, placeholder.Meaning));
        return [.. found, .. CompletionCompleters.CompleteFilename(wordToComplete ?? string.Empty)];
    }
}
