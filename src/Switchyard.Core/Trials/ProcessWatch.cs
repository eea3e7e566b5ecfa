using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;

namespace Switchyard.Core.Trials;

/// <summary>Watches a process for a while, without touching it.</summary>
internal static class ProcessWatch
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(20);

    /// <summary>Samples a process for some time.</summary>
    /// <returns>What was seen; null if the process was not there, or ended too soon to say anything.</returns>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user.</exception>
    public static WatchedProcess? Watch(IProcessProbe probe, TimeSpan duration, CancellationToken cancellation)
    {
        if (probe.Read() is not { } first)
        {
            return null;
        }

        ProcessReading last = first;
        int polls = 0;
        int onDisk = 0;
        bool hasEnded = false;
        while (!hasEnded && Stopwatch.GetElapsedTime(first.Timestamp) < duration && !cancellation.WaitHandle.WaitOne(_period))
        {
            if (probe.Read() is { } now)
            {
                last = now;
                polls++;
                onDisk += now is { RunningCount: 0, DiskCount: > 0 } ? 1 : 0;
            }
            else
            {
                hasEnded = true;
            }
        }

        TimeSpan wall = Stopwatch.GetElapsedTime(first.Timestamp, last.Timestamp);
        return polls < 3 ? null : new WatchedProcess
        {
            Times = new WorkTimes
            {
                Wall = wall,
                Cpu = last.Cpu - first.Cpu,
                RunQueue = last.RunQueue - first.RunQueue,
                ChildCpu = last.ChildCpu - first.ChildCpu,
                Disk = wall * ((double)onDisk / polls),
            },
            ThreadCount = last.ThreadCount,
            WorkingSet = last.WorkingSet,
            ReadBytes = last.ReadBytes - first.ReadBytes,
            WrittenBytes = last.WrittenBytes - first.WrittenBytes,
            PollCount = polls,
            HasEnded = hasEnded,
        };
    }
}
