using System.ComponentModel;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>
/// Unix without <c>/proc</c>: what <c>ps</c> prints. It tells nothing of marks, so what left its process group and lost its parent is
/// not found.
/// </summary>
internal sealed class PsProcessTable : IProcessTable
{
    public bool HasMarks => false;

    public IReadOnlyList<ProcessEntry> Read()
    {
        // One option for each: by POSIX all behind a "=" is the heading's text.
        ProcessStartInfo start = new("ps", ["-A", "-o", "pid=", "-o", "ppid=", "-o", "pgid=", "-o", "stat="])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        try
        {
            using Process ps = Process.Start(start)!;
            ps.StandardInput.Close();
            string text = ps.StandardOutput.ReadToEnd();
            ps.WaitForExit();
            return Parse(text);
        }
        catch (Win32Exception)
        {
            // No ps: then a child's process group is all that is known of what it started.
            return [];
        }
    }

    internal static IReadOnlyList<ProcessEntry> Parse(string text)
    {
        List<ProcessEntry> table = [];
        foreach (string line in text.Split('\n'))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 4
                && fields[3][0] != 'Z'
                && int.TryParse(fields[0], CultureInfo.InvariantCulture, out int id)
                && int.TryParse(fields[1], CultureInfo.InvariantCulture, out int parentId)
                && int.TryParse(fields[2], CultureInfo.InvariantCulture, out int groupId))
            {
                table.Add(new ProcessEntry(id, parentId, groupId, null));
            }
        }

        return table;
    }
}
