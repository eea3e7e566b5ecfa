namespace Switchyard.Core.Gauges.RunQueue;

/// <summary>How long the threads of processes were ready to run while others had the cores. Linux only; elsewhere it is always zero.</summary>
internal static class ProcessDelay
{
    /// <summary>Reads the sum over all threads that there are. It costs some microseconds for each of them, and falls when one ends.</summary>
    public static TimeSpan Read(IEnumerable<int> processes)
    {
        TimeSpan sum = TimeSpan.Zero;
        if (!OperatingSystem.IsLinux())
        {
            return sum;
        }

        foreach (int process in processes)
        {
            foreach (string thread in Threads(process))
            {
                sum += KernelText.ReadFile(Path.Combine(thread, "schedstat")) is { } text ? KernelText.ParseWaiting(Encoding.ASCII.GetBytes(text)) : TimeSpan.Zero;
            }
        }

        return sum;
    }

    private static string[] Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return [];
        }
    }
}
