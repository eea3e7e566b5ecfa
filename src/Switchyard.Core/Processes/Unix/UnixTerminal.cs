using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>The terminal that controls this process, and who else wants it.</summary>
internal static class UnixTerminal
{
    private const string Path = "/dev/tty";

    /// <summary>Opens the terminal for reading.</summary>
    /// <returns>The terminal; null if this process has none.</returns>
    public static SafeFileHandle? TryOpen()
    {
        try
        {
            return File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static bool IsPresent()
    {
        using SafeFileHandle? terminal = TryOpen();
        return terminal is not null;
    }

    /// <summary>Finds the program of a process group that wants the terminal: the one that was started last, as those before wait for it.</summary>
    /// <param name="name">The name of the group's first program, for where the system does not tell.</param>
    public static string FindWaiting(IReadOnlyList<ProcessEntry> table, int groupId, string name)
    {
        int last = table.Where(entry => entry.GroupId == groupId).Select(entry => entry.Id).DefaultIfEmpty(groupId).Max();
        try
        {
            using Process process = Process.GetProcessById(last);
            return process.ProcessName;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It has ended in the meantime.
            return name;
        }
    }
}
