using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>Linux: <c>/proc</c>. Marks are readable in processes of the same user only. Not thread-safe.</summary>
internal sealed class LinuxProcessTable : IProcessTable
{
    private const string Root = "/proc";

    // Counted from the state, which stands behind the name.
    private const int StartField = 19;

    // The parent of all threads of the kernel, which have no environment ever.
    private const int KernelThreads = 2;

    private const int MaxReads = 50;

    private static readonly byte[] _markName = [0, .. Encoding.ASCII.GetBytes(ChildEnvironment.MarkName), (byte)'='];

    // Marks that were found, by process and when it started. A mark stays: what a process puts in the place of its environment later
    // does not change where it came from. That there was none is asked anew, as a child has its own only from its first program on.
    private Dictionary<int, (string Started, string Mark)> _marks = [];

    public bool HasMarks => true;

    public IReadOnlyList<ProcessEntry> Read()
    {
        List<ProcessEntry> table = [];
        Dictionary<int, (string Started, string Mark)> marks = [];
        foreach (string folder in Directory.EnumerateDirectories(Root))
        {
            if (int.TryParse(folder.AsSpan(Root.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && TryRead(id, folder, out ProcessEntry entry, out string started))
            {
                table.Add(entry);
                if (entry.Mark is { } mark)
                {
                    marks[id] = (started, mark);
                }
            }
        }

        _marks = marks;
        return table;
    }

    /// <summary>Finds the mark in an environment.</summary>
    /// <returns>The mark, or null.</returns>
    internal static string? FindMark(ReadOnlySpan<byte> environment)
    {
        // Every variable stands behind a NUL but the first.
        int start = environment.StartsWith(_markName.AsSpan(1)) ? _markName.Length - 1 : environment.IndexOf(_markName);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> value = environment[(start == _markName.Length - 1 ? start : start + _markName.Length)..];
        int end = value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }

    private bool TryRead(int id, string folder, out ProcessEntry entry, out string started)
    {
        entry = default;
        started = string.Empty;
        if (ReadFile(folder + "/stat") is not { } stat)
        {
            return false;
        }

        // "pid (name) state parent group ...", where the name may hold anything, parentheses too.
        string text = Encoding.ASCII.GetString(stat);
        string[] fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartField
            || fields[0] is "Z" or "X"
            || !int.TryParse(fields[1], CultureInfo.InvariantCulture, out int parentId)
            || !int.TryParse(fields[2], CultureInfo.InvariantCulture, out int groupId))
        {
            return false;
        }

        started = fields[StartField];
        string? mark = _marks.TryGetValue(id, out (string Started, string Mark) known) && known.Started == started
            ? known.Mark
            : ReadEnvironment(folder, isOfKernel: id == KernelThreads || parentId == KernelThreads) is { } environment ? FindMark(environment) : null;
        entry = new ProcessEntry(id, parentId, groupId, mark);
        return true;
    }

    // A process that is just about to become another program has no environment for some microseconds, and nothing tells when it has. Taken
    // for one that was never marked, it would be left behind.
    private static byte[]? ReadEnvironment(string folder, bool isOfKernel)
    {
        byte[]? environment = ReadFile(folder + "/environ");
        for (int i = 0; i < MaxReads && !isOfKernel && environment is { Length: 0 }; i++)
        {
            Thread.Yield();
            environment = ReadFile(folder + "/environ");
        }

        return environment;
    }

    private static byte[]? ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime, or another user's.
            return null;
        }
    }
}
