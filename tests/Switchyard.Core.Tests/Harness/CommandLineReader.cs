using System.Text;

namespace Switchyard.Core.Harness;

/// <summary>Takes a command line apart as most Windows programs do.</summary>
/// <remarks>Microsoft's C library since 2008: https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments</remarks>
internal static class CommandLineReader
{
    public static List<string> Read(string line)
    {
        List<string> arguments = [];
        StringBuilder current = new();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            int backslashes = 0;
            while (i < line.Length && line[i] == '\\')
            {
                backslashes++;
                i++;
            }

            bool beforeQuote = i < line.Length && line[i] == '"';
            current.Append('\\', beforeQuote ? backslashes / 2 : backslashes);
            if (i == line.Length)
            {
                break;
            }

            if (beforeQuote && backslashes % 2 == 1)
            {
                current.Append('"');
            }
            else if (beforeQuote && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                current.Append('"');
                i++;
            }
            else if (beforeQuote)
            {
                isQuoted = !isQuoted;
            }
            else if (line[i] is ' ' or '\t' && !isQuoted)
            {
                arguments.Add(current.ToString());
                current.Clear();
            }
            else
            {
                current.Append(line[i]);
            }
        }

        arguments.Add(current.ToString());
        return arguments;
    }
}
