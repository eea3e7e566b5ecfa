namespace Switchyard.Core.Gauges;

/// <summary>Chooses how memory is read on this system.</summary>
internal static class MemoryGauge
{
    /// <summary>Creates the gauge for the system this process runs on.</summary>
    /// <returns>One that reads the system's own figures, or the runtime's where there are none.</returns>
    public static IMemoryGauge ForThisSystem()
    {
        RuntimeMemoryGauge fallback = new();
        if (OperatingSystem.IsLinux())
        {
            return new LinuxMemoryGauge(KernelText.ReadFile, fallback);
        }

        if (OperatingSystem.IsWindows())
        {
            return new WindowsMemoryGauge(fallback);
        }

        return OperatingSystem.IsMacOS() ? new MacMemoryGauge(fallback) : fallback;
    }
}
