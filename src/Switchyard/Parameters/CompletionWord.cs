namespace Switchyard.Parameters;

/// <summary>The word that is being completed, without the quotes that may open it.</summary>
internal sealed class CompletionWord
{
    private readonly string _text;

    public CompletionWord(string? word) => _text = (word ?? string.Empty).Trim('\'', '"');

    /// <summary>A wildcard for everything that begins with the word.</summary>
    public string Pattern => WildcardPattern.Escape(_text) + "*";

    public static CompletionResult Complete(string name) =>
        new(PowerShellText.Argument(name), name, CompletionResultType.ParameterValue, name);
}
