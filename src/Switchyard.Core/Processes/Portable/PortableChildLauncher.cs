using System.ComponentModel;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes.Portable;

/// <summary>
/// Starts children by <see cref="Process"/>: on Windows, and on Unix systems whose C library lacks what <see cref="UnixChildLauncher"/>
/// needs. Each child has a thread for each of its streams and one for its exit.
/// </summary>
internal sealed class PortableChildLauncher(SharedProcessTable table) : ChildLauncher
{
    private bool _isWoken;

    /// <summary>Guards the running child, and is pulsed when something has happened to it.</summary>
    public object Lock { get; } = new();

    public override ChildProcess Start(ChildStart start)
    {
        ProcessStartInfo info = PortableStartInfo.Create(start);
        bool leadsGroup = false;
        if (OperatingSystem.IsWindows())
        {
            // Without a console to share, each child would open a window of its own.
            info.CreateNoWindow = !WindowsConsole.IsPresent;
            leadsGroup = !info.CreateNoWindow && start.Input != ChildInput.Terminal && WindowsConsole.TryLeadGroup(info);
        }

        Process process = Start(info);
        ChildTree tree = OperatingSystem.IsWindows()
            ? new WindowsChildTree(process, leadsGroup)
            : new UnixChildTree(process, start.Mark, table);
        return new PortableChildProcess(this, process, tree, start);
    }

    public override void Wake()
    {
        lock (Lock)
        {
            _isWoken = true;
            Monitor.PulseAll(Lock);
        }
    }

    /// <summary>Takes the wake-ups so far. Inside the lock.</summary>
    public bool TakeWake()
    {
        bool isWoken = _isWoken;
        _isWoken = false;
        return isWoken;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception) when (!OperatingSystem.IsWindows() && exception.NativeErrorCode == UnixCalls.NotExecutable)
        {
            PortableStartInfo.RunByShell(info);
        }
        catch (Win32Exception exception)
        {
            throw Failure(exception);
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception exception)
        {
            throw Failure(exception);
        }
    }

    // With fewer arguments it may work. Otherwise the program or the folder is what cannot be used.
    private static ChildStartException Failure(Win32Exception exception) =>
        new(new Win32Exception(exception.NativeErrorCode).Message, exception)
        {
            IsOfThisChild = OperatingSystem.IsWindows()
                ? WindowsErrors.IsOfOneStart(exception.NativeErrorCode)
                : exception.NativeErrorCode == UnixCalls.TooBig,
            IsShortage = !OperatingSystem.IsWindows() && UnixCalls.IsShortage(exception.NativeErrorCode),
        };
}
