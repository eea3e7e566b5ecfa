using System.ComponentModel;
using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Windows;

/// <summary>Windows: a child in a job object, with all that it starts.</summary>
/// <param name="job">The job that it was started in; null where the system allowed none.</param>
/// <param name="leadsGroup">Whether it leads a group of processes at the caller's console.</param>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChildTree(WindowsProcess process, WindowsJob? job, bool leadsGroup) : ChildTree
{
    private readonly WindowsProcess _process = process;
    private readonly WindowsJob? _job = job;
    private readonly bool _leadsGroup = leadsGroup;

    /// <summary>Asks by Ctrl+Break, which reaches those that are at this process's console.</summary>
    public override bool RequestEnd(bool hasExited) => _leadsGroup && WindowsConsole.SendBreak(_process.Id);

    public override void Kill(bool hasExited)
    {
        if (_job is not null)
        {
            _job.Terminate();
        }
        else if (!hasExited)
        {
            KillTree();
        }
    }

    public override bool HasDescendants(bool hasExited) =>
        _job is not null && _job.TryRead(out int active, out _) && active > (hasExited ? 0 : 1);

    public override bool TryReadCpuTime(bool hasExited, out TimeSpan time) => _process.TryReadCpuTime(out time);

    public override TimeSpan? ReadTotalCpuTime() =>
        (_job is not null && _job.TryRead(out _, out TimeSpan time)) || TryReadCpuTime(hasExited: true, out time) ? time : null;

    public override void Dispose() => _job?.Dispose();

    // Its id is its own as long as its handle is open.
    private void KillTree()
    {
        try
        {
            using Process process = Process.GetProcessById(_process.Id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or Win32Exception or AggregateException)
        {
            // Gone, or another user's by now.
        }
    }
}
