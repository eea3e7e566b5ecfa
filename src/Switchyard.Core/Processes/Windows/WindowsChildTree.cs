using System.ComponentModel;
using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Windows;

/// <summary>Windows: a child in a job object, with all that it starts.</summary>
/// <remarks>
/// It is put into the job just after its start, as nothing but a start of our own could do it before. What it has started until
/// then is found by its parent.
/// </remarks>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChildTree(Process process, bool leadsGroup) : ChildTree
{
    private readonly Process _process = process;
    private readonly WindowsJob? _job = WindowsJob.TryCreate(process.SafeHandle);
    private readonly int _group = leadsGroup ? process.Id : 0;

    /// <summary>
    /// Asks by Ctrl+Break, which needs a group of processes of the child's own, and so .NET 10 (PowerShell 7.6), and a console.
    /// Elsewhere it does nothing, and the child ends when it is killed.
    /// </summary>
    public override void RequestEnd(bool hasExited)
    {
        if (_group != 0)
        {
            WindowsConsole.SendBreak(_group);
        }
    }

    public override void Kill(bool hasExited)
    {
        if (!hasExited)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
            {
                // Gone, or for the job to end.
            }
        }

        _job?.Terminate();
    }

    public override bool HasDescendants(bool hasExited) =>
        _job is not null && _job.TryRead(out int active, out _) && active > (hasExited ? 0 : 1);

    public override bool TryReadCpuTime(bool hasExited, out TimeSpan time)
    {
        try
        {
            _process.Refresh();
            time = _process.TotalProcessorTime;
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            time = default;
            return false;
        }
    }

    public override TimeSpan? ReadTotalCpuTime() =>
        (_job is not null && _job.TryRead(out _, out TimeSpan time)) || TryReadCpuTime(hasExited: true, out time) ? time : null;

    public override void Dispose() => _job?.Dispose();
}
