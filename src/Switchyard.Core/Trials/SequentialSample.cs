using Switchyard.Core.Analysis;
using Switchyard.Core.Gauges;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

/// <summary>Runs items one after another, to see what their time goes into.</summary>
internal static class SequentialSample
{
    private const int TinyItems = 2_000;

    // With no more than these, all are needed to know what one is like; of more, half are left for several at once.
    private const int FewItems = 10;
    private const double EnoughError = 0.05;
    private const double TolerableError = 0.2;

    // In less, what goes on in a process anyway would be taken for help.
    private static readonly TimeSpan _leastWall = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _minSample = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _usualSample = TimeSpan.FromMilliseconds(700);

    /// <summary>Runs items one after another, with all probes.</summary>
    /// <returns>What was found; null if not one item has succeeded.</returns>
    public static Findings? Measure(BenchmarkSession session, MeasuringCost cost, double capacity, string[] knownThreads)
    {
        HelperThreads helpers = HelperThreads.Begin([.. knownThreads, HelperThreads.CurrentId]);
        MachineTime? before = MachineClock.Read();
        BenchmarkOutcome sample = session.Run(session.Options.Threads(), 1, isProbed: true, LimitsOf(session));
        double stolen = before is { } from && MachineClock.Read() is { } to ? to.StolenSince(from) : 0;
        TimeSpan helperCpu = helpers.Read();
        SampledItem[] timed = [.. sample.Log.Items.Where(item => item.Status == ItemStatus.Succeeded)];
        return timed.Length == 0 || session.IsCanceled
            ? null
            : FindingsOf(sample.Log, sample.DiskShare, stolen, timed, helperCpu, cost, session.Options.IsExecutable, session.UsedCount, capacity);
    }

    private static BenchmarkLimits LimitsOf(BenchmarkSession session)
    {
        long lastCheck = 0;
        return new BenchmarkLimits
        {
            MaxItems = session.Options.SampleCount is { } most ? most <= FewItems ? most : most / 2 : TinyItems,
            StartTime = session.Options.SampleCount is null ? session.Left / 2 : session.Left,
            Deadline = session.Left,
            IsEnough = log =>
            {
                long now = Stopwatch.GetTimestamp();
                TimeSpan time = Stopwatch.GetElapsedTime(log.Start, now);
                if (session.Options.SampleCount is not null || time < _minSample || Stopwatch.GetElapsedTime(lastCheck, now).TotalMilliseconds < 10)
                {
                    return false;
                }

                // More while the figures are uncertain and there is time.
                lastCheck = now;
                SampleStatistics seen = SampleStatistics.Of([.. log.Items.Select(item => item.Duration.TotalSeconds)]);
                return seen.Count >= 3 && seen.RelativeError < (time < _usualSample ? EnoughError : TolerableError);
            },
        };
    }

    /// <summary>Puts together what is known of items that ran one after another.</summary>
    /// <param name="stolen">How much longer than its processor time work took, as the host of this virtual machine gave its cores to others.</param>
    /// <param name="timed">Those that have succeeded, in the order of their ends; at least one.</param>
    public static Findings FindingsOf(
        BenchmarkLog log, double diskShare, double stolen, SampledItem[] timed, TimeSpan helperCpu, MeasuringCost cost, bool isExecutable, int usedCount, double capacity)
    {
        SampleStatistics seconds = SampleStatistics.Of([.. timed.Select(item => Math.Max(1e-9, item.Duration.TotalSeconds - cost.ItemSeconds))]);
        long from = timed[Math.Min(seconds.WarmUpCount, timed.Length - 1)].Start;
        SampledItem[] counted = [.. log.Items.Where(item => item.Start >= from)];
        List<SampleInterval> intervals = [.. log.Intervals.Where(interval => interval.Start >= from)];
        if (intervals.Count == 0)
        {
            // One interval that began with the warm-up: better than nothing.
            intervals = [.. log.Intervals];
            counted = [.. log.Items];
        }

        // The items of the intervals that count, and no others.
        long since = intervals.Count > 0 ? intervals.Min(interval => interval.Start) : from;
        counted = [.. counted.Where(item => item.End >= since)];
        WorkReading used = intervals.Aggregate(default(WorkReading), (sum, interval) => sum.Plus(interval.Used));
        TimeSpan wall = TimeSpan.FromTicks(counted.Sum(item => item.Duration.Ticks));
        double share = log.Items.Sum(item => item.Duration.Ticks) is var all and > 0 ? (double)wall.Ticks / all : 1;
        TimeSpan childCpu = counted.Any(item => item.CpuTime is not null)
            ? TimeSpan.FromTicks(counted.Sum(item => item.CpuTime?.Ticks ?? 0))
            : used.ChildCpu;
        int count = counted.Length;
        WorkTimes times = new()
        {
            Wall = Less(wall, cost.ItemSeconds * count),

            // Between tiny items the thread takes the next: that is in an interval and in no item.
            Cpu = Less(isExecutable ? TimeSpan.Zero : used.ThreadCpu < wall ? used.ThreadCpu : wall, cost.ItemSeconds * count),
            HelperCpu = helperCpu * share is var helped && helped > wall / 10 && wall > _leastWall ? helped : TimeSpan.Zero,
            // To the kernel, a thread whose core was taken away runs; to its own clocks it does not.
            RunQueue = used.RunQueue + ((used.ThreadCpu + childCpu) * stolen),
            GarbageCollection = used.GarbageCollection,
            ChildCpu = childCpu,
            Disk = wall * diskShare,
        };
        return new Findings
        {
            Cores = Environment.ProcessorCount,
            Capacity = capacity,
            HandOverSeconds = cost.HandOverSeconds,
            EmptySeconds = cost.ItemSeconds,
            IsExecutable = isExecutable,
            UsedCount = usedCount,
            ItemSeconds = seconds,
            Times = times,
            TimedCount = count,
            AllocatedBytes = (double)used.AllocatedBytes / count,
            ReadBytes = (double)used.ReadBytes / count,
            WrittenBytes = (double)used.WrittenBytes / count,
            CallBytes = (double?)used.CallBytes / count,
            LostCores = (double)used.InvoluntarySwitches / count,
        };

        static TimeSpan Less(TimeSpan time, double seconds) => TimeSpan.FromTicks(Math.Max(1, (time - TimeSpan.FromSeconds(seconds)).Ticks));
    }
}
