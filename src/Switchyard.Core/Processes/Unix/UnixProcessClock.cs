using Switchyard.Core.Gauges;

namespace Switchyard.Core.Processes.Unix;

/// <summary>Linux: a process's processor time by <c>clock_gettime</c> with the clock that <c>clock_getcpuclockid</c> names.</summary>
internal static class UnixProcessClock
{
    private const int ProcessClockKind = 2;

    public static bool TryRead(int pid, out TimeSpan cpuTime)
    {
        cpuTime = TimeSpan.Zero;

        // The clock's number is made of the process's, as the kernel's posix-timers.h says.
        return OperatingSystem.IsLinux() && UnixThreadClock.TryRead((~pid << 3) | ProcessClockKind, out cpuTime);
    }
}
