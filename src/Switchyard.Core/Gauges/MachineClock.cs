using System.Runtime.InteropServices;

namespace Switchyard.Core.Gauges;

/// <summary>
/// Processor time of the whole machine: Linux from <c>/proc/stat</c>, in steps of 10 ms; Windows by <c>GetSystemTimes</c>.
/// Other systems do not tell.
/// </summary>
internal static partial class MachineClock
{
    /// <summary>Reads how long the cores have been busy and taken away since the start of the machine.</summary>
    /// <returns>Null where the system does not tell.</returns>
    public static MachineTime? Read()
    {
        if (OperatingSystem.IsWindows())
        {
            // The kernel's time holds the idle time.
            return GetSystemTimes(out long idle, out long kernel, out long user)
                ? new MachineTime(TimeSpan.FromTicks(kernel + user - idle), TimeSpan.Zero)
                : null;
        }

        return OperatingSystem.IsLinux() && KernelText.ReadFile("/proc/stat") is { } text ? Parse(text) : null;
    }

    /// <returns>Null if it is not such a text.</returns>
    internal static MachineTime? Parse(string text)
    {
        string[] fields = text.Split('\n', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 8 || fields[0] != "cpu")
        {
            return null;
        }

        // user nice system idle iowait irq softirq steal
        return Sum(1, 2, 3, 6, 7) is { } busy && (fields.Length == 8 ? TimeSpan.Zero : Sum(8)) is { } stolen ? new MachineTime(busy, stolen) : null;

        TimeSpan? Sum(params ReadOnlySpan<int> wanted)
        {
            long ticks = 0;
            foreach (int field in wanted)
            {
                if (!long.TryParse(fields[field], NumberStyles.None, CultureInfo.InvariantCulture, out long value))
                {
                    return null;
                }

                ticks += value;
            }

            return TimeSpan.FromSeconds((double)ticks / KernelText.TicksPerSecond);
        }
    }

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemTimes(out long idle, out long kernel, out long user);
}
