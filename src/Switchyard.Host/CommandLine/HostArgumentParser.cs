namespace Switchyard.Host.CommandLine;

/// <summary>Understands the part of pwsh's command line that the host offers, abbreviations included.</summary>
internal sealed class HostArgumentParser
{
    private readonly string[] _args;
    private readonly Func<string, bool> _fileExists;
    private string? _workingDirectory;
    private bool _nonInteractive;

    private HostArgumentParser(string[] args, Func<string, bool> fileExists)
    {
        _args = args;
        _fileExists = fileExists;
    }

    /// <summary>Reads a command line.</summary>
    public static HostArguments Parse(string[] args, Func<string, bool> fileExists) => new HostArgumentParser(args, fileExists).Parse();

    private HostArguments Parse()
    {
        for (int i = 0; i < _args.Length; i++)
        {
            string argument = _args[i].Trim();
            string name = SwitchName(argument);
            if (name.Length == 0)
            {
                return File(i);
            }

            if (Is(name, "version", "v"))
            {
                return new HostArguments { Action = HostAction.Version };
            }

            if (Is(name, "help", "h") || name == "?")
            {
                return new HostArguments { Action = HostAction.Help };
            }

            if (Is(name, "noninteractive", "noni"))
            {
                _nonInteractive = true;
            }
            else if (Is(name, "workingdirectory", "wo") || Is(name, "wd", "wd"))
            {
                if (++i == _args.Length)
                {
                    return Usage("Cannot process the command because -WorkingDirectory requires an argument that is a directory path.");
                }

                _workingDirectory = _args[i];
            }
            else if (Is(name, "executionpolicy", "ex") || Is(name, "ep", "ep"))
            {
                // Accepted for scripts that pass it to any PowerShell; the host runs what it is told to run.
                i++;
            }
            else if (Is(name, "command", "c"))
            {
                return Command(i + 1);
            }
            else if (Is(name, "file", "f"))
            {
                return i + 1 == _args.Length
                    ? Usage("The -File parameter needs the path of a script file.")
                    : File(i + 1);
            }
            else if (!IsIgnored(name))
            {
                return File(i);
            }
        }

        return Usage(null);
    }

    private HostArguments Command(int start)
    {
        if (start == _args.Length)
        {
            return Usage("Cannot process the command because of a missing parameter. A command must follow -Command.");
        }

        if (_args[start] != "-")
        {
            return Result(HostAction.Command) with { Script = string.Join(' ', _args, start, _args.Length - start) };
        }

        return start + 1 == _args.Length
            ? Result(HostAction.StandardInput)
            : Usage("'-' was specified with the -Command parameter; no other arguments to -Command are permitted.");
    }

    private HostArguments File(int index)
    {
        string path = _args[index];
        if (path == "-")
        {
            return Result(HostAction.StandardInput);
        }

        if (path.Length == 0 || !_fileExists(path))
        {
            return Usage($"The argument '{path}' is not recognized as the name of a script file. "
                + "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.");
        }

        return Result(HostAction.File) with
        {
            Script = Path.GetFullPath(path),
            ScriptArguments = ScriptArgumentParser.Parse(_args.AsSpan(index + 1)),
        };
    }

    private HostArguments Result(HostAction action)
        => new() { Action = action, WorkingDirectory = _workingDirectory, NonInteractive = _nonInteractive };

    private static HostArguments Usage(string? error) => new() { Action = HostAction.Usage, Error = error };

    private static string SwitchName(string argument)
        => argument is ['-', '-', ..] ? argument[2..] : argument is ['-', ..] ? argument[1..] : string.Empty;

    private static bool Is(string name, string match, string shortest)
        => name.Length >= shortest.Length && match.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsIgnored(string name)
        => Is(name, "noprofile", "nop") || Is(name, "nologo", "nol") || Is(name, "noprofileloadtime", "noprofileloadtime") || Is(name, "mta", "mta");
}
