using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>
/// Says why a file that is there cannot be run: to the system a script whose interpreter is missing is a file that does not exist.
/// Unix only; the first line is read as the kernel and <c>env</c> read it.
/// </summary>
internal sealed class ProgramFile
{
    // As much of a first line as any kernel looks at: macOS 512, Linux 256.
    private const int HeadLength = 512;

    private readonly string _path;
    private readonly string? _folder;
    private readonly bool _isSplit;
    private readonly byte[] _head;

    /// <param name="folder">The folder that it is started in, which a relative path of an interpreter counts from; null if it has none.</param>
    /// <param name="isSplit">
    /// Whether each word of the first line is an argument and a <c>#</c> ends it, as macOS has it; otherwise all behind the interpreter is one. Null for
    /// what this system does.
    /// </param>
    public ProgramFile(string path, string? folder, bool? isSplit = null)
    {
        _path = path;
        _folder = folder;
        _isSplit = isSplit ?? OperatingSystem.IsMacOS();
        _head = ReadHead(path);
    }

    /// <summary>Whether it is no text, so that the shell cannot run it either.</summary>
    public bool IsBinary => Array.IndexOf(_head, (byte)0, 0, FirstLineLength) >= 0 || _head.AsSpan().StartsWith("\x7F"u8);

    private int FirstLineLength => Array.IndexOf(_head, (byte)'\n') is >= 0 and var end ? end : _head.Length;

    /// <summary>Looks for what keeps a script from being run, whatever it is given.</summary>
    /// <param name="searchPath">The PATH that it has; null if it has none.</param>
    /// <returns>What is wrong, as a sentence; null if nothing is known to be.</returns>
    public string? FindFault(string? searchPath)
    {
        if (!_head.AsSpan().StartsWith("#!"u8))
        {
            return null;
        }

        string line = Encoding.UTF8.GetString(_head, 2, Math.Max(0, FirstLineLength - 2)).TrimStart(' ', '\t');
        line = _isSplit ? line.Split('#')[0] : line;
        string[] parts = line.Split([' ', '\t'], 2);
        string interpreter = parts[0];
        string argument = parts.Length > 1 ? parts[1].Trim(' ', '\t') : string.Empty;
        if (interpreter.TrimEnd('\r').Length == 0)
        {
            return null;
        }

        if (!IsProgram(interpreter))
        {
            return interpreter.EndsWith('\r')
                ? MessageText.Format(Messages.ScriptWithCarriageReturns, _path)
                : MessageText.Format(Messages.InterpreterNotFound, _path, interpreter);
        }

        string name = Path.GetFileName(interpreter);
        if (argument.EndsWith('\r') && (name == "env" || name.EndsWith("sh", StringComparison.Ordinal)))
        {
            return MessageText.Format(Messages.ScriptWithCarriageReturns, _path);
        }

        return name == "env" && FindProgramOfEnv(argument) is { } wanted && ProgramSearch.Find(wanted, searchPath, _folder ?? "/") is null
            ? MessageText.Format(Messages.InterpreterNotOnPath, _path, wanted)
            : null;
    }

    /// <summary>Explains why the system could not start it.</summary>
    /// <param name="error">The error that it gave.</param>
    /// <param name="usual">What the error is called, where no more is known.</param>
    public string Explain(int error, string usual)
    {
        if (_folder is not null && !Directory.Exists(_folder))
        {
            return MessageText.Format(Messages.FolderToStartInNotFound, _folder);
        }

        return FindFault(Environment.GetEnvironmentVariable(ProgramSearch.Variable)) ?? error switch
        {
            UnixCalls.NotExecutable when IsBinary => MessageText.Format(Messages.ProgramOfOtherMachine, _path),
            UnixCalls.NoSuchEntry when IsBinary => MessageText.Format(Messages.LoaderNotFound, _path),
            UnixCalls.NotPermitted when File.Exists(_path) => MessageText.Format(Messages.FileNotExecutable, _path),
            _ => usual,
        };
    }

    private static byte[] ReadHead(string path)
    {
        try
        {
            // Not a named pipe, which a program would be waited for at.
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            byte[] head = new byte[file.CanSeek ? HeadLength : 0];
            return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It may be run and not read.
            return [];
        }
    }

    // "#!/usr/bin/env name" and "#!/usr/bin/env -S name argument". Where the line is not split, all that stands behind the name is part of it without -S.
    private string? FindProgramOfEnv(string argument)
    {
        bool asksToSplit = argument.StartsWith("-S", StringComparison.Ordinal);
        string wanted = asksToSplit ? argument[2..].TrimStart() : argument;
        wanted = asksToSplit || _isSplit ? wanted.Split(' ', '\t')[0] : wanted;
        return wanted.Length == 0 || wanted[0] is '-' or '"' or '\'' || wanted.Contains('=', StringComparison.Ordinal) ? null : wanted;
    }

    private bool IsProgram(string path) => Path.Combine(_folder ?? "/", path) is var full && File.Exists(full) && ProgramSearch.IsMarked(full);
}
