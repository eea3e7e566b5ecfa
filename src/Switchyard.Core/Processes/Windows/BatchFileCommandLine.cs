using System.Buffers;

namespace Switchyard.Core.Processes.Windows;

/// <summary>
/// The command line that runs a Windows batch file (<c>.cmd</c>, <c>.bat</c>). Only <c>cmd.exe</c> runs those, and it reads its
/// command line as a program of its own; here each argument stays one argument, and text.
/// </summary>
/// <remarks>
/// Built from what is known of <c>cmd.exe</c>, in the way of Rust's library since CVE-2024-24576, and tested against a model of it and
/// against Wine's. It keeps arguments whole on their way into the batch file. What the file does with <c>%1</c> is its own affair.
/// </remarks>
internal static class BatchFileCommandLine
{
    /// <summary>What cmd.exe reads; more it cuts off or refuses.</summary>
    public const int MaxLength = 8191;

    // Extensions, for the empty value that hides a percent sign; no expansion of "!"; no AutoRun.
    private const string Start = "/e:ON /v:OFF /d /c \"";

    // An empty part of a variable that always has a value. No name begins at a percent sign that another follows at once, so the
    // first stays, and the second begins this.
    private const string HiddenPercent = "%%cd:~,%";

    private static readonly SearchValues<char> _bare =
        SearchValues.Create(@"#$*+-./:?@\_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> _impossible = SearchValues.Create("\0\r\n");

    /// <exception cref="ArgumentException">Something cannot be passed; the message says what.</exception>
    public static string Build(string script, IReadOnlyList<string> arguments)
    {
        CheckScript(script);
        StringBuilder line = new(Start);
        line.Append('"').Append(script).Append('"');
        foreach (string argument in arguments)
        {
            CheckCharacters(argument, Messages.BatchFileArgumentCharacter, nameof(arguments));
            line.Append(' ');
            Append(line, argument);
        }

        line.Append('"');
        return line.Length <= MaxLength
            ? line.ToString()
            : throw new ArgumentException(MessageText.Format(Messages.BatchFileLineTooLong, line.Length, MaxLength), nameof(arguments));
    }

    private static void CheckScript(string script)
    {
        CheckCharacters(script, Messages.BatchFilePathCharacter, nameof(script));
        if (script.Contains('"', StringComparison.Ordinal) || script.EndsWith('\\'))
        {
            throw new ArgumentException(Messages.BatchFilePathNotAllowed, nameof(script));
        }

        if (script.Contains('%', StringComparison.Ordinal))
        {
            throw new ArgumentException(Messages.BatchFilePathWithPercent, nameof(script));
        }
    }

    private static void CheckCharacters(string text, string message, string parameter)
    {
        int index = text.AsSpan().IndexOfAny(_impossible);
        if (index >= 0)
        {
            string name = text[index] switch
            {
                '\0' => Messages.CharacterNul,
                '\r' => Messages.CharacterCarriageReturn,
                _ => Messages.CharacterNewline,
            };
            throw new ArgumentException(MessageText.Format(message, name), parameter);
        }
    }

    private static void Append(StringBuilder line, string argument)
    {
        // A backslash at the end would take its meaning from the quotation mark in the batch file's "%~1".
        bool isQuoted = argument.Length == 0 || argument[^1] == '\\' || NeedsQuotes(argument);
        if (isQuoted)
        {
            line.Append('"');
        }

        int backslashes = 0;
        foreach (char character in argument)
        {
            if (character == '"')
            {
                // Doubled it is text for cmd.exe and for the programs that the file calls; those halve backslashes before it.
                line.Append('\\', backslashes).Append("\"\"");
            }
            else if (character == '%')
            {
                line.Append(HiddenPercent);
            }
            else
            {
                line.Append(character);
            }

            backslashes = character == '\\' ? backslashes + 1 : 0;
        }

        if (isQuoted)
        {
            line.Append('\\', backslashes).Append('"');
        }
    }

    // Letters of other alphabets are harmless; spaces and symbols of theirs may not be.
    private static bool NeedsQuotes(string argument)
    {
        foreach (char character in argument)
        {
            if (!_bare.Contains(character) && (char.IsAscii(character) || !char.IsLetterOrDigit(character)))
            {
                return true;
            }
        }

        return false;
    }
}
