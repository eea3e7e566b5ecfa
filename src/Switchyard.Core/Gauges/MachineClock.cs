using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>
/// Processor time of the whole machine: Linux from <c>/proc/stat</c>, in steps of 10 ms; Windows by <c>GetSystemTimes</c>.
/// Other systems do not tell.
/// </summary>
internal static partial class MachineClock
{
    /// <summary>Reads how long the cores have been busy since the start of the machine, over all of them.</summary>
    /// <returns>False where the system does not tell.</returns>
    public static bool TryReadBusy(out TimeSpan busy)
    {
        busy = TimeSpan.Zero;
        if (OperatingSystem.IsWindows())
        {
            // The kernel's time holds the idle time.
            bool isRead = GetSystemTimes(out long idle, out long kernel, out long user);
            busy = isRead ? TimeSpan.FromTicks(kernel + user - idle) : TimeSpan.Zero;
            return isRead;
        }

        return OperatingSystem.IsLinux() && KernelText.ReadFile("/proc/stat") is { } text && TryParse(text, out busy);
    }

    /// <returns>False if it is not such a text.</returns>
    internal static bool TryParse(string text, out TimeSpan busy)
    {
        string[] fields = text.Split('\n', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long ticks = 0;
        bool isRead = fields.Length >= 8 && fields[0] == "cpu";
        foreach (int field in isRead ? [1, 2, 3, 6, 7] : Array.Empty<int>())
        {
            isRead &= long.TryParse(fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out long value);
            ticks += value;
        }

        busy = isRead ? TimeSpan.FromSeconds((double)ticks / KernelText.TicksPerSecond) : TimeSpan.Zero;
        return isRead;
    }

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);
}
