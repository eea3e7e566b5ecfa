using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>POSIX: <c>clock_gettime(CLOCK_THREAD_CPUTIME_ID)</c>.</summary>
internal static partial class UnixThreadClock
{
    private const int LinuxThreadCpuTimeId = 3;
    private const int MacThreadCpuTimeId = 16;

    public static bool TryRead(out TimeSpan cpuTime) =>
        TryRead(OperatingSystem.IsMacOS() ? MacThreadCpuTimeId : LinuxThreadCpuTimeId, out cpuTime);

    public static bool TryRead(int clock, out TimeSpan cpuTime)
    {
        if (GetTime(clock, out TimeSpec time) != 0)
        {
            cpuTime = TimeSpan.Zero;
            return false;
        }

        cpuTime = new TimeSpan(((long)time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick));
        return true;
    }

    // Half of what a transition costs, and the call neither blocks nor takes a microsecond.
    [SuppressGCTransition]
    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
