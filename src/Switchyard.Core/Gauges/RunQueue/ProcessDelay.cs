using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Gauges.RunQueue;

/// <summary>
/// How long the threads of processes were ready to run while others had the cores. Linux only; elsewhere it is always zero.
/// </summary>
internal sealed class ProcessDelay
{
    private readonly byte[] _buffer = new byte[64];
    private TimeSpan _last;
    private bool _hasRead;

    /// <summary>Reads what has come since the last reading. It costs some microseconds for each thread that there is.</summary>
    public TimeSpan ReadMore(IEnumerable<int> processes)
    {
        TimeSpan sum = OperatingSystem.IsLinux() ? processes.Aggregate(TimeSpan.Zero, (sum, process) => sum + ReadAll(process)) : TimeSpan.Zero;

        // What a thread that has ended had waited is in no sum any more.
        TimeSpan more = _hasRead && sum > _last ? sum - _last : TimeSpan.Zero;
        (_last, _hasRead) = (sum, true);
        return more;
    }

    private TimeSpan ReadAll(int process)
    {
        TimeSpan sum = TimeSpan.Zero;
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/task"))
            {
                sum += Read(thread + "/schedstat");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended.
        }

        return sum;
    }

    private TimeSpan Read(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return KernelText.ParseSchedule(_buffer.AsSpan(0, RandomAccess.Read(file, _buffer, 0))).Waiting;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended, or the kernel keeps no such statistics.
            return TimeSpan.Zero;
        }
    }
}
