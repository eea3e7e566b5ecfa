using Switchyard.Core.Gauges;

namespace Switchyard.Core.Processes.Unix;

/// <summary>Linux: a process's processor time by <c>clock_gettime</c> with the clock that <c>clock_getcpuclockid</c> names.</summary>
internal static class UnixProcessClock
{
    private const int ProcessClockKind = 2;

    /// <summary>Reads a process's clock.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="cpuTime">Its processor time over all threads, without its children's; zero on failure.</param>
    /// <returns>Whether there is such a process, and such a clock.</returns>
    public static bool TryRead(int pid, out TimeSpan cpuTime)
    {
        cpuTime = TimeSpan.Zero;

        // The clock's number is made of the process's, as the kernel's posix-timers.h says.
        return OperatingSystem.IsLinux() && UnixThreadClock.TryRead((~pid << 3) | ProcessClockKind, out cpuTime);
    }
}
