namespace Switchyard.Core.Processes.Windows;

/// <summary>Makes the command line that passes a program its arguments, as PowerShell does by default.</summary>
internal static class WindowsCommandLine
{
    // With the zero at its end it is 32,768, the most that CreateProcess takes.
    private const int MaxLength = 32_767;

    // Those read their command lines by rules of their own, and PowerShell knows them by these names ($PSNativeCommandArgumentPassing).
    private static readonly HashSet<string> _readersOfTheirOwn = new(["cmd", "cscript", "find", "sqlcmd", "wscript"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The most characters that a program's may have.</summary>
    public static int MaxLengthOf(string program) => IsBatchFile(program) ? BatchFileCommandLine.MaxLength : MaxLength;

    /// <exception cref="ChildStartException">An argument cannot be given.</exception>
    public static string Build(string program, IReadOnlyList<string> arguments)
    {
        string line = IsBatchFile(program)
            ? BatchFile(program, arguments)
            : Join(program, arguments, _readersOfTheirOwn.Contains(NameOf(program)) ? AppendAsWritten : AppendQuoted);
        return line.Length <= MaxLength
            ? line
            : throw new ChildStartException(MessageText.Format(Messages.CommandLineTooLong, line.Length, MaxLength)) { IsOfThisChild = true };
    }

    private static string Join(string program, IReadOnlyList<string> arguments, Action<StringBuilder, string> append)
    {
        StringBuilder line = new StringBuilder().Append('"').Append(program).Append('"');
        foreach (string argument in arguments)
        {
            append(line.Append(' '), ChildStart.Checked(argument));
        }

        return line.ToString();
    }

    // The rules of the C library, by which most programs take their command line apart: a quotation mark and the backslashes before it are
    // escaped by backslashes, and so are those at the end of what is quoted.
    private static void AppendQuoted(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && argument.AsSpan().IndexOfAny(" \t\n\v\"") < 0)
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        int backslashes = 0;
        foreach (char character in argument)
        {
            if (character == '"')
            {
                line.Append('\\', backslashes + 1);
            }

            line.Append(character);
            backslashes = character == '\\' ? backslashes + 1 : 0;
        }

        line.Append('\\', backslashes).Append('"');
    }

    // Quotation marks stay as they are, and stand around what has a space outside of them.
    private static void AppendAsWritten(StringBuilder line, string argument)
    {
        bool isQuoted = HasBareSpace(argument);
        line.Append(isQuoted ? "\"" : string.Empty).Append(argument);
        if (isQuoted)
        {
            line.Append('\\', argument.Length - argument.AsSpan().TrimEnd('\\').Length).Append('"');
        }
    }

    private static bool HasBareSpace(string argument)
    {
        bool isInside = false;
        char before = '\0';
        foreach (char character in argument)
        {
            if (character == '"' && before != '\\')
            {
                isInside = !isInside;
            }
            else if (char.IsWhiteSpace(character) && !isInside)
            {
                return true;
            }

            before = character;
        }

        return false;
    }

    // The system would hand a batch file to cmd.exe by itself, which would take its arguments apart by rules of its own.
    private static string BatchFile(string script, IReadOnlyList<string> arguments)
    {
        try
        {
            return $"\"{Path.Combine(Environment.SystemDirectory, "cmd.exe")}\" {BatchFileCommandLine.Build(script, arguments)}";
        }
        catch (ArgumentException exception)
        {
            throw new ChildStartException(exception.Message, exception) { IsOfThisChild = true };
        }
    }

    private static string NameOf(string program) => Path.GetFileNameWithoutExtension(program[(program.LastIndexOf('\\') + 1)..]);

    // Windows takes trailing spaces and dots off a file's name.
    private static bool IsBatchFile(string program) =>
        Path.GetExtension(program.TrimEnd(' ', '.')) is string extension
        && (extension.Equals(".cmd", StringComparison.OrdinalIgnoreCase) || extension.Equals(".bat", StringComparison.OrdinalIgnoreCase));
}
