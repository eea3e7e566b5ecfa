namespace Switchyard.Core.Gauges.Kernel;

/// <summary>
/// How long the threads of processes were ready to run while others had the cores. Linux only; elsewhere it is always zero.
/// </summary>
internal sealed class ProcessDelay
{
    private TimeSpan _last;
    private bool _hasRead;

    /// <summary>Reads what has come since the last reading. It costs some microseconds for each thread that there is.</summary>
    public TimeSpan ReadMore(IEnumerable<int> processes)
    {
        TimeSpan sum = OperatingSystem.IsLinux() ? processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + Read(process)) : TimeSpan.Zero;

        // What a thread that has ended had waited is in no sum any more.
        TimeSpan more = _hasRead && sum > _last ? sum - _last : TimeSpan.Zero;
        (_last, _hasRead) = (sum, true);
        return more;
    }

    private static TimeSpan Read(int process)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task").Aggregate(
                TimeSpan.Zero,
                (sum, thread) => sum + (KernelText.ParseScheduling(KernelText.ReadFile(thread + "/schedstat"))?.Waiting ?? TimeSpan.Zero));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return TimeSpan.Zero;
        }
    }
}
