using System.Management.Automation.Language;

namespace Switchyard.Parameters;

/// <summary>Writes texts as a command line in PowerShell has them.</summary>
internal static class PowerShellText
{
    /// <summary>A text in quotes, in which nothing means anything.</summary>
    public static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    /// <summary>A text as one argument.</summary>
    /// <returns>The same, in quotes unless it is read as it is without.</returns>
    public static string Argument(string text) => text.Length > 0 && text.All(IsPlain) ? text : Quote(text);

    private static bool IsPlain(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/' or '\\' or ':' or '=' or '+';
}
