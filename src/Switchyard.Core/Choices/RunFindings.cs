using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials;

namespace Switchyard.Core.Choices;

/// <summary>Puts what a run has shown into the form that a measurement has, so that the same is said of both.</summary>
internal static class RunFindings
{
    // Among widths that do as well, the lowest is named.
    private const double NearBest = 0.97;

    // As it was measured on the machine that this was written on: what decides by it are items of a few microseconds.
    private static readonly TimeSpan _handOver = TimeSpan.FromMicroseconds(2);

    // The caller waits for it, and most is known from the run.
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(2);

    /// <summary>Collects.</summary>
    /// <returns>Null if no item has succeeded while it was recorded.</returns>
    public static Findings? Of(RunMeter meter, WayChooser chooser, bool isExecutable)
    {
        SampledItem[] items = [.. meter.Log.Items.Where(item => item.Status == ItemStatus.Succeeded)];
        if (items.Length == 0)
        {
            return null;
        }

        // Those that ran beside others were held up by them.
        SampledItem[] alone = [.. items.Where(item => item.End <= chooser.AloneUntil)];
        Findings findings = SequentialSample.FindingsOf(
            meter.Log, meter.DiskShare, 0, alone.Length > 0 ? alone : items, TimeSpan.Zero, new MeasuringCost(0, _handOver.TotalSeconds), isExecutable, meter.Log.Count, MachineCapacity.Measure(Environment.ProcessorCount, _glance));
        return findings with
        {
            Trials = [.. chooser.Points.Where(point => point.Measurement.Limit > 1).Select(PointOf)],
            Items = items,
            Origin = meter.Log.Start,
            Took = Stopwatch.GetElapsedTime(meter.Log.Start, items.Max(item => item.End)),
        };
    }

    /// <summary>Says what the run has shown to be best.</summary>
    /// <param name="most">The most workers that there may be.</param>
    public static Advice Advise(Findings findings, WayChooser chooser, int most, string? whyNoProcesses)
    {
        Advice advice = ExecutionAdvisor.Advise(findings, most, itemsLeft: null, whyNoProcesses);
        if (BestOf(chooser) is { } best)
        {
            // It has been tried for longer than a sample can.
            bool isOne = best is { Way: Recommendation.Threads, Measurement.Limit: 1 };
            advice = advice with
            {
                Recommendation = isOne ? Recommendation.Sequential : findings.IsExecutable && advice.Recommendation == Recommendation.Processes ? Recommendation.Processes : best.Way,
                ThrottleLimit = best.Measurement.Limit,
                ExpectedSpeedup = Math.Max(1, best.Rate / findings.SequentialRate),
            };
        }

        else if (chooser.Limit > 1 && advice.Recommendation == Recommendation.Threads)
        {
            // It was over before that could be measured. It is what the first items asked for.
            advice = advice with { ThrottleLimit = chooser.Limit };
        }

        return advice with { Evidence = [.. advice.Evidence, .. chooser.Decisions] };
    }

    /// <summary>What has done best of what the run ended with.</summary>
    /// <returns>Null if nothing was measured.</returns>
    public static WayPoint? BestOf(WayChooser chooser)
    {
        WayPoint[] points = [.. chooser.Points.Where(point => point.Way == chooser.Last?.Way)];
        double rate = points.Select(point => point.Rate).DefaultIfEmpty().Max();
        return points.Where(point => point.Rate >= NearBest * rate).MinBy(point => point.Measurement.Limit);
    }

    private static BenchmarkPoint PointOf(WayPoint point) => new(
        point.Way,
        point.Measurement.Limit,
        point.Rate,
        TimeSpan.Zero,
        (int)Math.Min(int.MaxValue, point.Rate * point.Measurement.Duration),
        FailedCount: 0,
        OverheadSeconds: 0,
        point.LockShare,
        point.CollectedShare);
}
