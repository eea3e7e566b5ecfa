using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Windows;

/// <summary>A process that this one has started, by its handle. As long as that is open, the process's id is no other's.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcess(SafeProcessHandle handle, int id) : IDisposable
{
    private const uint Forever = uint.MaxValue;

    private readonly SafeProcessHandle _handle = handle;

    public int Id { get; } = id;

    /// <summary>Waits until it has exited.</summary>
    /// <returns>Its exit code; -1 where the system does not tell.</returns>
    public int WaitForExit() => WindowsCalls.Wait(_handle, Forever) == 0 && WindowsCalls.GetExitCode(_handle, out uint code) != 0 ? (int)code : -1;

    public bool TryReadCpuTime(out TimeSpan time)
    {
        bool isRead = WindowsCalls.GetTimes(_handle, out _, out _, out long kernel, out long user) != 0;
        time = TimeSpan.FromTicks(isRead ? kernel + user : 0);
        return isRead;
    }

    public void Dispose() => _handle.Dispose();
}
