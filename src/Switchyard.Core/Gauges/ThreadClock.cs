namespace Switchyard.Core.Gauges;

/// <summary>Processor time of the calling thread, in kernel and user mode together.</summary>
/// <remarks>A system call: some hundred nanoseconds, ten times what a timestamp costs.</remarks>
internal static class ThreadClock
{
    private static readonly bool _isSupported = IsSupported();

    /// <summary>Reads the clock. Two readings on one thread differ by what it computed in between; readings of two threads say nothing.</summary>
    /// <param name="cpuTime">
    /// Time since the thread began, in steps of nanoseconds, rounded down to 100; on Windows made of cycles. Zero if it cannot be read.
    /// </param>
    /// <returns>False where the system has no such clock.</returns>
    public static bool TryRead(out TimeSpan cpuTime)
    {
        if (_isSupported)
        {
            return OperatingSystem.IsWindows() ? WindowsThreadClock.TryRead(out cpuTime) : UnixThreadClock.TryRead(out cpuTime);
        }

        cpuTime = TimeSpan.Zero;
        return false;
    }

    private static bool IsSupported()
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? WindowsThreadClock.TryRead(out _)
                : (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) && UnixThreadClock.TryRead(out _);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }
}
