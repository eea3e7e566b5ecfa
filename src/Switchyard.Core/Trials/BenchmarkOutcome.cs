using Switchyard.Core.Analysis;
using Switchyard.Core.Batch;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Trials;

/// <summary>What a benchmark run has shown.</summary>
/// <param name="Failures">The items that did not succeed.</param>
/// <param name="DiskShare">Of its items' time, the share in which a probed worker waited for a disk.</param>
internal sealed record BenchmarkOutcome(int Width, BenchmarkLog Log, RunOutcome Outcome, IReadOnlyList<ItemResult> Failures, double DiskShare)
{
    /// <summary>
    /// How long it took until all its workers were ready and warm: what their first items took beyond what items usually take counts, too.
    /// </summary>
    public TimeSpan StartUp(TimeSpan usual)
    {
        if (Log.Opened is not { Count: > 0 } opened)
        {
            return TimeSpan.Zero;
        }

        TimeSpan ready = Stopwatch.GetElapsedTime(Log.Start, opened.Max());
        TimeSpan first = Log.Items.GroupBy(item => item.Worker).Select(group => group.Min(item => item.End)) is var ends && ends.Any()
            ? Stopwatch.GetElapsedTime(opened.Max(), ends.Max()) - usual
            : TimeSpan.Zero;
        return ready + (first > TimeSpan.Zero ? first : TimeSpan.Zero);
    }

    /// <summary>The figures of the second half of the time, from the items' ends alone: where items run elsewhere, their ends arrive in groups.</summary>
    /// <returns>
    /// Items a second, and seconds an item that its worker did not spend on it: the lower quartile of the groups, as in the others a new process's
    /// compiler took its share. Null if a worker has reported fewer than two groups in that time.
    /// </returns>
    public (double Rate, double Overhead)? EndRate()
    {
        double rate = 0;
        List<double> overheads = [];
        int workers = 0;
        foreach (IGrouping<int, SampledItem> worker in Log.Items.GroupBy(item => item.Worker))
        {
            List<EndGroup> groups = EndGroup.Of([.. worker.OrderBy(item => item.End)]);
            long from = groups[0].End + ((groups[^1].End - groups[0].End) / 2);
            int first = groups.FindIndex(end => end.End >= from);
            if (first == groups.Count - 1)
            {
                continue;
            }

            // Of the first group only its end is known, not when its items began.
            rate += groups.Skip(first + 1).Sum(end => end.Count) * (double)Stopwatch.Frequency / (groups[^1].End - groups[first].End);
            for (int i = first + 1; i < groups.Count; i++)
            {
                long idle = Math.Max(0, groups[i].End - groups[i - 1].End - groups[i].Busy);
                overheads.Add((double)idle / groups[i].Count / Stopwatch.Frequency);
            }

            workers++;
        }

        overheads.Sort();
        return workers == Width ? (rate, overheads[overheads.Count / 4]) : null;
    }

    /// <summary>
    /// Items a second while all workers were busy. An item that was only partly in that time counts for that part: with few items, and with
    /// some that wait while others run, whole ones would be off by far.
    /// </summary>
    /// <returns>The rate; null if not even one item for each two workers ran in that time.</returns>
    public double? Throughput()
    {
        List<SampledItem>[] perWorker = [.. Log.Items.GroupBy(item => item.Worker).Select(group => group.OrderBy(item => item.Start).ToList())];
        if (perWorker.Length < Width)
        {
            return null;
        }

        // From when the last worker had done its first item, which a new session takes longer for, to when the first had its last: then all
        // were busy.
        long from = perWorker.Max(list => list[0].End);
        long to = perWorker.Min(list => list[^1].End);
        double count = 0;
        foreach (List<SampledItem> list in perWorker)
        {
            for (int i = 0; i < list.Count; i++)
            {
                // An item with the moment until the next one: what a worker needs for it.
                long end = i + 1 < list.Count ? Math.Max(list[i + 1].Start, list[i].End) : list[i].End;
                long within = Math.Min(end, to) - Math.Max(list[i].Start, from);
                count += within > 0 ? (double)within / (end - list[i].Start) : 0;
            }
        }

        return to > from && count * 2 >= Width ? count * Stopwatch.Frequency / (to - from) : null;
    }

    /// <summary>Throws what ended the run, if anything did: no worker could start.</summary>
    /// <exception cref="WorkerStartException">The reason.</exception>
    public void ThrowIfFailed()
    {
        if (Outcome is { End: RunEnd.Failed, Failure: { } failure })
        {
            throw failure;
        }
    }

    private readonly record struct EndGroup(long End, int Count, long Busy)
    {
        private static readonly long _atOnce = Stopwatch.Frequency / 4000;

        public static List<EndGroup> Of(SampledItem[] items)
        {
            List<EndGroup> groups = [];
            foreach (SampledItem item in items)
            {
                long busy = item.End - item.Start;
                if (groups.Count > 0 && item.End - groups[^1].End < _atOnce)
                {
                    groups[^1] = groups[^1] with { Count = groups[^1].Count + 1, Busy = groups[^1].Busy + busy };
                }
                else
                {
                    groups.Add(new EndGroup(item.End, 1, busy));
                }
            }

            return groups;
        }
    }
}
