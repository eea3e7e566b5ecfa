using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes.Portable;

/// <summary>Makes what <see cref="Process"/> starts a child with.</summary>
internal static class PortableStartInfo
{
    private static readonly UTF8Encoding _encoding = new(encoderShouldEmitUTF8Identifier: false);

    /// <exception cref="ChildStartException">An argument cannot be given.</exception>
    public static ProcessStartInfo Create(ChildStart start)
    {
        // No text is read from its streams; without encodings given, Windows would ask the console for them.
        ProcessStartInfo info = new(start.FileName)
        {
            RedirectStandardInput = start.Input != ChildInput.Terminal,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = start.Input != ChildInput.Terminal ? _encoding : null,
            StandardOutputEncoding = _encoding,
            StandardErrorEncoding = _encoding,
            UseShellExecute = false,
            WorkingDirectory = start.WorkingDirectory ?? string.Empty,
        };
        SetArguments(info, start);
        info.Environment.Clear();
        foreach ((string name, string value) in start.Environment.Variables)
        {
            info.Environment[name] = value;
        }

        info.Environment[ChildEnvironment.MarkName] = start.Mark;
        return info;
    }

    /// <summary>Makes the shell the program, for a text file that does not say by what it is run.</summary>
    public static void RunByShell(ProcessStartInfo info)
    {
        info.ArgumentList.Insert(0, info.FileName);
        info.FileName = "/bin/sh";
    }

    private static void SetArguments(ProcessStartInfo info, ChildStart start)
    {
        if (OperatingSystem.IsWindows() && IsBatchFile(start.FileName))
        {
            SetBatchFile(info, start);
            return;
        }

        foreach (string argument in start.Arguments)
        {
            if (argument.Contains('\0', StringComparison.Ordinal))
            {
                throw new ChildStartException(Messages.ArgumentWithNul) { IsOfThisChild = true };
            }

            info.ArgumentList.Add(argument);
        }
    }

    // The system would hand a batch file to cmd.exe by itself, which would take its arguments apart by rules of its own.
    private static void SetBatchFile(ProcessStartInfo info, ChildStart start)
    {
        try
        {
            info.FileName = Path.Combine(Environment.SystemDirectory, "cmd.exe");
            info.Arguments = BatchFileCommandLine.Build(start.FileName, start.Arguments);
        }
        catch (ArgumentException exception)
        {
            throw new ChildStartException(exception.Message, exception) { IsOfThisChild = true };
        }
    }

    // Windows takes trailing spaces and dots off a file's name.
    private static bool IsBatchFile(string fileName) =>
        Path.GetExtension(fileName.TrimEnd(' ', '.')) is string extension
        && (extension.Equals(".cmd", StringComparison.OrdinalIgnoreCase) || extension.Equals(".bat", StringComparison.OrdinalIgnoreCase));
}
