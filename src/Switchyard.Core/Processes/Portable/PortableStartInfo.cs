using System.Runtime.Versioning;

namespace Switchyard.Core.Processes.Portable;

/// <summary>Makes what <see cref="Process"/> starts a child with.</summary>
[UnsupportedOSPlatform("windows")]
internal static class PortableStartInfo
{
    /// <exception cref="ChildStartException">An argument cannot be given.</exception>
    public static ProcessStartInfo Create(ChildStart start)
    {
        ProcessStartInfo info = new(start.FileName)
        {
            RedirectStandardInput = start.Input != ChildInput.Terminal,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = start.WorkingDirectory ?? string.Empty,
        };
        foreach (string argument in start.Arguments)
        {
            info.ArgumentList.Add(ChildStart.Checked(argument));
        }

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
}
