using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>The terminal that controls this process, and who else wants it.</summary>
internal static class UnixTerminal
{
    private const string Path = "/dev/tty";
    private const string PseudoTerminals = "/dev/pts/";
    private const string State = ") T ";

    // Of those that a child has started, so that a look takes no longer where there are many.
    private const int MostLookedAt = 64;

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

    /// <summary>
    /// Finds one that a child has started and that was stopped in a call on a terminal: in a group of its own, as <c>timeout</c> or a shell with job control
    /// makes, or where the child itself lets no such signal stop it. One that was stopped otherwise is in another call.
    /// </summary>
    /// <returns>Its program's name; null if there is none, or the system does not tell.</returns>
    public static string? FindStopped(int rootId)
    {
        Queue<int> unread = new([rootId]);
        for (int i = 0; i < MostLookedAt && unread.TryDequeue(out int parent); i++)
        {
            foreach (int id in ChildrenOf(parent))
            {
                if (Read($"/proc/{id}/stat").Contains(State, StringComparison.Ordinal) && IsInTerminalCall(id))
                {
                    return Read($"/proc/{id}/comm").TrimEnd();
                }

                unread.Enqueue(id);
            }
        }

        return null;
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

    // Each thread has its own.
    private static IEnumerable<int> ChildrenOf(int id)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{id}/task");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return threads.SelectMany(thread => Read(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(child => int.Parse(child, CultureInfo.InvariantCulture));
    }

    // Its number and arguments: those that wait for a terminal have its descriptor first.
    private static bool IsInTerminalCall(int id)
    {
        string[] call = Read($"/proc/{id}/syscall").Split(' ');
        if (call.Length < 2 || !int.TryParse(call[1].Replace("0x", string.Empty, StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int descriptor))
        {
            return false;
        }

        try
        {
            return File.ResolveLinkTarget($"/proc/{id}/fd/{descriptor}", returnFinalTarget: false)?.FullName is { } target
                && (target.StartsWith(Path, StringComparison.Ordinal) || target.StartsWith(PseudoTerminals, StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return string.Empty;
        }
    }
}
