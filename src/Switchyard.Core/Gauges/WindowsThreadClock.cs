using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

internal static partial class WindowsThreadClock
{
    // What GetCurrentThread returns: a constant that every call takes to be the calling thread.
    private const nint CurrentThread = -2;

    public static bool TryRead(out TimeSpan cpuTime)
    {
        // FILETIME is two 32-bit halves, low first, of a count of 100 ns: a tick of TimeSpan's.
        if (GetThreadTimes(CurrentThread, out _, out _, out long kernel, out long user) == 0)
        {
            cpuTime = TimeSpan.Zero;
            return false;
        }

        cpuTime = new TimeSpan(kernel + user);
        return true;
    }

    [SuppressGCTransition]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetThreadTimes")]
    private static partial int GetThreadTimes(nint thread, out long creation, out long exit, out long kernel, out long user);
}
