namespace Switchyard.Core.Analysis;

/// <summary>Finds the best number of workers of each kind. Pure functions.</summary>
internal static class Candidates
{
    private const double NearBest = 0.95;

    // Four times as many workers must do a quarter more.
    private const double StillGaining = 1.25;
    private const double Linear = 0.7;
    private const double NearLinear = 0.9;

    // Items do not come evenly: with just as many workers as are busy on average, some items wait while other workers are idle.
    private const double Slack = 1.5;

    // But the garbage collector stops all of them, and takes the longer the more there are.
    private const double CollectedSlack = 1.15;
    private const double MuchCollecting = 0.25;

    private const double PlainWaiting = 200;
    private const double MuchWaiting = 0.25;

    private static bool IsCollected(Findings findings)
    {
        TimeSplit split = TimeSplit.Of(findings.Times);
        return split[TimeKind.GarbageCollection] > MuchCollecting * (split[TimeKind.Cpu] + split[TimeKind.GarbageCollection]);
    }

    public static bool Waits(Findings findings)
    {
        TimeSplit split = TimeSplit.Of(findings.Times);
        return split[TimeKind.Wait] + split[TimeKind.Disk] + split[TimeKind.Lock] > MuchWaiting;
    }

    private static bool IsNearLinear(Findings findings, BenchmarkPoint point) => point.Throughput > NearLinear * point.Width * findings.SequentialRate;

    public static bool IsLinear(Findings findings, BenchmarkPoint point) => point.Throughput > Linear * point.Width * findings.SequentialRate;

    public static Candidate OnThreads(Findings findings, int most)
    {
        BenchmarkPoint[] points = Measured(findings, Recommendation.Threads);
        double knee = ExecutionAdvisor.KneeOf(findings);
        if (points.Length == 0)
        {
            int guess = WidthFor(findings, knee, most);
            return new Candidate(Recommendation.Threads, guess, ExecutionAdvisor.Predict(findings, guess), 0, IsMeasured: false);
        }

        BenchmarkPoint top = points.MaxBy(point => point.Throughput)!;
        double rate = top.Throughput!.Value;
        int index = Array.FindIndex(points, point => point.Throughput >= rate * NearBest);
        BenchmarkPoint enough = points[index];
        double needed = Knee.WorkersForRate(rate, 1 / findings.SequentialRate);
        if (index == points.Length - 1)
        {
            if (IsLinear(findings, enough) && knee > enough.Width)
            {
                // On along the line, as far as the cores have something to give.
                int width = Math.Max(enough.Width, WidthFor(findings, knee, most));
                double ahead = Math.Max(rate, ExecutionAdvisor.Predict(findings, width) * Math.Min(1, needed / enough.Width));
                return new Candidate(Recommendation.Threads, width, ahead, enough.StartUp.TotalSeconds, width == enough.Width);
            }

            // Not if fewer workers scaled and these do not: then something admits only so many at once.
            bool isFull = index > 0 && IsNearLinear(findings, points[index - 1]) && needed < enough.Width / 2.0;
            if (index > 0 && rate > points[index - 1].Throughput * StillGaining && !isFull)
            {
                return new Candidate(Recommendation.Threads, enough.Width, rate, enough.StartUp.TotalSeconds, IsMeasured: true);
            }
        }

        int chosen = index > 0 && Waits(findings) ? WidthBetween(findings, points[index - 1], enough, needed) : enough.Width;
        return new Candidate(Recommendation.Threads, chosen, rate, enough.StartUp.TotalSeconds, IsMeasured: true);
    }

    /// <summary>What waits did as well as it can with so many, and not yet with fewer: how many does it take?</summary>
    private static int WidthBetween(Findings findings, BenchmarkPoint fewer, BenchmarkPoint enough, double needed)
    {
        if (IsNearLinear(findings, fewer))
        {
            // So many at once and no more: as many as the best rate keeps busy, and some more.
            return Math.Clamp((int)Math.Ceiling(needed * Slack), fewer.Width, enough.Width);
        }

        // Each does less beside others: where the line from one to the other comes near the best.
        double share = ((enough.Throughput!.Value * NearBest) - fewer.Throughput!.Value) / (enough.Throughput.Value - fewer.Throughput.Value);
        return fewer.Width + (int)Math.Ceiling(share * (enough.Width - fewer.Width));
    }

    public static Candidate? OnProcesses(Findings findings, int most)
    {
        BenchmarkPoint[] points = [.. Measured(findings, Recommendation.Processes).Where(point => !ExecutionAdvisor.FailsThere(findings, point) && point.Width <= most)];
        if (points.Length == 0)
        {
            return null;
        }

        double best = points.Max(point => ExecutionAdvisor.ProcessRate(findings, point));
        BenchmarkPoint enough = points.First(point => ExecutionAdvisor.ProcessRate(findings, point) >= best * NearBest);
        double rate = ExecutionAdvisor.ProcessRate(findings, enough);
        return new Candidate(Recommendation.Processes, enough.Width, rate, enough.StartUp.TotalSeconds, IsMeasured: rate <= enough.Throughput);
    }

    public static BenchmarkPoint[] Measured(Findings findings, Recommendation way) =>
        [.. findings.Trials.Where(point => point.Way == way && point.Throughput is not null).OrderBy(point => point.Width)];

    private static int WidthFor(Findings findings, double knee, int most)
    {
        // A body that is parallel by itself keeps more than one core busy.
        double parallelism = findings.Times.AllCpu / findings.Times.Wall;
        double wanted = knee > findings.Cores * 2 ? knee * (IsCollected(findings) ? CollectedSlack : Slack) : parallelism > 1 ? knee : Math.Max(knee, findings.Cores);
        return (int)Math.Clamp(Math.Round(Math.Min(wanted, PlainWaiting)), 1, most);
    }
}
