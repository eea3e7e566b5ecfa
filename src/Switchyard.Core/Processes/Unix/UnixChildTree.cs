using System.ComponentModel;
using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>
/// Unix, of a child that <see cref="Process"/> has started: it leads no process group, so the table of processes tells what it started.
/// </summary>
/// <remarks>
/// The runtime waits for its children as soon as they exit, so from then on the child's id is no longer its own: what it left behind
/// is then known by its mark alone.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixChildTree(Process process, string mark, SharedProcessTable table) : ChildTree
{
    // More rounds than a well-behaved tree needs to be found whole while it starts more.
    private const int MaxRounds = 10;
    private const int NoProcess = -1;

    private readonly int _id = process.Id;

    public override bool RequestEnd(bool hasExited)
    {
        IReadOnlyList<ProcessEntry> descendants = FindDescendants(hasExited);
        if (!hasExited)
        {
            RequestEnd(_id);
        }

        foreach (ProcessEntry entry in descendants)
        {
            RequestEnd(entry.Id);
        }

        return true;

        static void RequestEnd(int id)
        {
            _ = UnixCalls.Kill(id, UnixCalls.SigTerm);

            // What was stopped cannot take it before it goes on.
            _ = UnixCalls.Kill(id, UnixCalls.SigContinue);
        }
    }

    public override void Kill(bool hasExited)
    {
        // The table first: without marks, what has lost its parent is not found any more.
        IReadOnlyList<ProcessEntry> descendants = FindDescendants(hasExited);
        if (!hasExited)
        {
            KillChild();
        }

        HashSet<int> killed = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            bool hasMore = false;
            foreach (ProcessEntry entry in descendants)
            {
                if (killed.Add(entry.Id))
                {
                    hasMore = true;
                    _ = UnixCalls.Kill(entry.Id, UnixCalls.SigKill);
                }
            }

            if (!hasMore)
            {
                return;
            }

            descendants = FindDescendants(hasExited: true);
        }
    }

    public override bool HasDescendants(bool hasExited) => FindDescendants(hasExited).Count > 0;

    public override bool TryReadCpuTime(bool hasExited, out TimeSpan time)
    {
        time = default;
        return !hasExited && UnixProcessClock.TryRead(_id, out time);
    }

    public override TimeSpan? ReadTotalCpuTime() => null;

    public override void Dispose()
    {
    }

    private void KillChild()
    {
        try
        {
            // Unlike a bare signal it cannot hit another process, should the child exit at this moment.
            process.Kill();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // Gone, or another user's by now.
        }
    }

    private IReadOnlyList<ProcessEntry> FindDescendants(bool hasExited) =>
        ProcessTree.FindDescendants(table.Read(), hasExited ? NoProcess : _id, mark);
}
