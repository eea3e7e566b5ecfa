namespace Switchyard.Core.Analysis;

/// <summary>Decides from figures how work is best run, and with how many workers. Pure functions.</summary>
public static class ExecutionAdvisor
{
    /// <summary>The share of waiting for monitors from which they are what limits threads.</summary>
    public const double LockedShare = 0.25;

    /// <summary>The share of being stopped by the garbage collector from which that is what limits threads.</summary>
    public const double CollectedShare = 0.2;

    // Less than this is not worth another way of working.
    private const double WorthwhileGain = 1.1;

    // Threads are cheaper to start and share their memory: processes must do so much better.
    private const double WorthwhileProcesses = 1.07;

    // An item of less than so many hand-overs spends its time on being handed over.
    private const double TooSmallFactor = 2;

    private const double NearBest = 0.95;

    // Four times as many are to do a quarter more.
    private const double StillGaining = 1.25;
    private const double Linear = 0.7;
    private const double NearLinear = 0.9;

    // Items come in bunches: with just as many workers as are busy on average, some wait while others are idle.
    private const double Slack = 1.5;

    // But the garbage collector stops all of them, and takes the longer the more there are.
    private const double CollectedSlack = 1.15;
    private const double MuchCollecting = 0.25;

    private const double PlainWaiting = 200;
    private const double MuchWaiting = 0.25;
    private const int FirstWidth = 4;
    private const int Step = 4;
    private const int WellTried = 16;

    /// <summary>Whether an item takes hardly longer than handing it over.</summary>
    /// <param name="findings">What was measured.</param>
    /// <returns>True if so.</returns>
    public static bool IsTooSmall(Findings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return !findings.IsExecutable && findings.ItemSeconds.Median < TooSmallFactor * findings.HandOverSeconds;
    }

    /// <summary>From how many workers on the cores are busy.</summary>
    /// <param name="findings">What was measured.</param>
    /// <returns>The number; may be infinite.</returns>
    public static double KneeOf(Findings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);

        // Time in the run queue is neither: on a quiet machine there is none of it.
        WorkTimes times = findings.Times;
        double count = Math.Max(1, findings.TimedCount);
        double cpu = (Math.Max(times.AllCpu.TotalSeconds, times.GarbageCollection.TotalSeconds) / count) + findings.HandOverSeconds;
        double time = findings.ItemSeconds.Mean + findings.HandOverSeconds - (times.RunQueue.TotalSeconds / count);

        // No item takes less time than it computes, but for one that is parallel by itself.
        return Knee.Workers(findings.Capacity, cpu, times.AllCpu < times.Wall ? Math.Max(time, cpu) : time);
    }

    /// <summary>Says at which numbers of threads work is to be tried.</summary>
    /// <param name="findings">What the sample has shown.</param>
    /// <param name="most">The most that may be.</param>
    /// <param name="validates">Whether the prediction is to be checked at several sizes.</param>
    /// <returns>The numbers, in rising order; the next is worth trying if the one before has gained something.</returns>
    public static IReadOnlyList<int> WidthsToTry(Findings findings, int most, bool validates)
    {
        ArgumentNullException.ThrowIfNull(findings);
        SortedSet<int> widths = [];
        double busy = KneeOf(findings);
        if (validates)
        {
            widths.UnionWith([2, 4]);
        }

        if (Waits(findings) || busy > findings.Cores * 2)
        {
            // What waits may do with less waiting in company, or with more: the formula is only a guess.
            for (int width = FirstWidth; width < most; width *= Step)
            {
                widths.Add(width);
            }

            widths.Add(most);
        }
        else
        {
            widths.Add(findings.Cores);
            if (busy > findings.Cores * 1.2)
            {
                widths.Add((int)Math.Ceiling(busy));
            }
        }

        widths.RemoveWhere(width => width < 2 || width > most);
        return [.. widths];
    }

    /// <summary>Whether a trial needs no larger one beside it: so many workers did nearly so many times the work of one.</summary>
    /// <param name="findings">What the sample has shown.</param>
    /// <param name="trial">A trial.</param>
    /// <returns>True if so.</returns>
    public static bool IsConvincing(Findings findings, BenchmarkPoint trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Width >= WellTried && IsLinear(findings, trial);
    }

    /// <summary>Decides.</summary>
    /// <param name="findings">What was measured.</param>
    /// <param name="most">The most workers that may be recommended.</param>
    /// <param name="itemsLeft">How many items are still to be run; null if nobody knows.</param>
    /// <param name="whyNoProcesses">Why processes are no choice; null if they are one.</param>
    /// <returns>The advice.</returns>
    public static Advice Advise(Findings findings, int most, long? itemsLeft, string? whyNoProcesses)
    {
        ArgumentNullException.ThrowIfNull(findings);
        Candidate threads = ThreadsOf(findings, most);
        Candidate? processes = ProcessesOf(findings, most);
        Candidate best = processes is not null && processes.Rate > threads.Rate * WorthwhileProcesses ? processes : threads;
        if (findings.IsExecutable && BottleneckClassifier.Classify(findings) == Bottleneck.ChildProcess)
        {
            // The same workers run executables for both commands: the name says what it is.
            best = best with { Way = Recommendation.Processes };
        }

        double single = findings.SequentialRate;
        double speedup = best.Rate / single;
        long? breakEven = Knee.BreakEven(best.StartUp, single, best.Rate);
        bool isTooSmall = IsTooSmall(findings);
        bool isTooFew = itemsLeft is { } left && (breakEven is null || left <= breakEven);
        bool isSequential = isTooSmall || speedup < WorthwhileGain || isTooFew;
        Evidence evidence = new(findings, threads, processes, most);
        Advice advice = new()
        {
            Bottleneck = BottleneckClassifier.Classify(findings),
            Recommendation = isSequential ? Recommendation.Sequential : best.Way,
            ThrottleLimit = isSequential ? 1 : itemsLeft is { } rest ? (int)Math.Clamp(rest, 1, best.Width) : best.Width,
            Split = TimeSplit.Of(findings.Times),
            ExpectedSpeedup = isSequential ? 1 : speedup,
            BreakEvenCount = isTooSmall || speedup < WorthwhileGain ? null : breakEven,
            Confidence = ConfidenceOf(findings, best),
            BytesPerWorker = isSequential ? null : best.Way == Recommendation.Processes && !findings.IsExecutable ? findings.BytesPerProcess : findings.BytesPerThread,
            Evidence = [],
            ThreadModel = ModelOf(findings, Recommendation.Threads),
            ProcessModel = ModelOf(findings, Recommendation.Processes),
        };
        return advice with { Evidence = evidence.Tell(advice, best, itemsLeft, isTooFew, whyNoProcesses) };
    }

    /// <summary>What a number of workers is expected to do by the sample alone: as many at once, until the cores are busy.</summary>
    /// <param name="findings">What was measured.</param>
    /// <param name="width">How many.</param>
    /// <returns>Items a second.</returns>
    public static double Predict(Findings findings, int width)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return findings.SequentialRate * Math.Min(width, Math.Max(1, KneeOf(findings)));
    }

    private static bool IsCollected(Findings findings)
    {
        TimeSplit split = TimeSplit.Of(findings.Times);
        return split[TimeKind.GarbageCollection] > MuchCollecting * (split[TimeKind.Cpu] + split[TimeKind.GarbageCollection]);
    }

    private static bool Waits(Findings findings)
    {
        TimeSplit split = TimeSplit.Of(findings.Times);
        return split[TimeKind.Wait] + split[TimeKind.Disk] + split[TimeKind.Lock] > MuchWaiting;
    }

    private static bool IsNearLinear(Findings findings, BenchmarkPoint trial) => trial.Throughput > NearLinear * trial.Width * findings.SequentialRate;

    private static bool IsLinear(Findings findings, BenchmarkPoint trial) => trial.Throughput > Linear * trial.Width * findings.SequentialRate;

    private static Candidate ThreadsOf(Findings findings, int most)
    {
        BenchmarkPoint[] tried = Tried(findings, Recommendation.Threads);
        double knee = KneeOf(findings);
        if (tried.Length == 0)
        {
            int guess = WidthFor(findings, knee, most);
            return new Candidate(Recommendation.Threads, guess, Predict(findings, guess), 0, IsMeasured: false);
        }

        BenchmarkPoint top = tried.MaxBy(trial => trial.Throughput)!;
        double rate = top.Throughput!.Value;
        int index = Array.FindIndex(tried, trial => trial.Throughput >= rate * NearBest);
        BenchmarkPoint enough = tried[index];
        double needed = Knee.WorkersForRate(rate, 1 / findings.SequentialRate);
        if (index == tried.Length - 1)
        {
            if (IsLinear(findings, enough) && knee > enough.Width)
            {
                // On along the line, as far as the cores have something to give.
                int width = Math.Max(enough.Width, WidthFor(findings, knee, most));
                double ahead = Math.Max(rate, Predict(findings, width) * Math.Min(1, needed / enough.Width));
                return new Candidate(Recommendation.Threads, width, ahead, enough.StartUp.TotalSeconds, width == enough.Width);
            }

            // Unless fewer did all that so many can, and these much less: then there are only so many places.
            bool isFull = index > 0 && IsNearLinear(findings, tried[index - 1]) && needed < enough.Width / 2.0;
            if (index > 0 && rate > tried[index - 1].Throughput * StillGaining && !isFull)
            {
                return new Candidate(Recommendation.Threads, enough.Width, rate, enough.StartUp.TotalSeconds, IsMeasured: true);
            }
        }

        int chosen = index > 0 && Waits(findings) ? WidthBetween(findings, tried[index - 1], enough, needed) : enough.Width;
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

        // Each does less in company: where the line from one to the other comes near the best.
        double share = ((enough.Throughput!.Value * NearBest) - fewer.Throughput!.Value) / (enough.Throughput.Value - fewer.Throughput.Value);
        return fewer.Width + (int)Math.Ceiling(share * (enough.Width - fewer.Width));
    }

    private static Candidate? ProcessesOf(Findings findings, int most)
    {
        BenchmarkPoint[] tried = [.. Tried(findings, Recommendation.Processes).Where(trial => !FailsThere(findings, trial) && trial.Width <= most)];
        if (tried.Length == 0)
        {
            return null;
        }

        double best = tried.Max(trial => ProcessRate(findings, trial));
        BenchmarkPoint enough = tried.First(trial => ProcessRate(findings, trial) >= best * NearBest);
        double rate = ProcessRate(findings, enough);
        return new Candidate(Recommendation.Processes, enough.Width, rate, enough.StartUp.TotalSeconds, IsMeasured: rate <= enough.Throughput);
    }

    /// <summary>Whether items fail in processes that do not fail on threads: what they were given did not arrive there as it was.</summary>
    /// <param name="findings">What was measured.</param>
    /// <param name="trial">A trial of processes.</param>
    /// <returns>True if more of them failed than can be chance.</returns>
    public static bool FailsThere(Findings findings, BenchmarkPoint trial)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(trial);
        BenchmarkPoint[] processes = [.. findings.Trials.Where(other => other.Way == Recommendation.Processes)];
        int failedHere = findings.Failures.Count - processes.Sum(other => other.FailedCount);
        int runHere = findings.UsedCount - processes.Sum(other => other.ItemCount);
        double usual = runHere > 0 ? Math.Max(0, failedHere) / (double)runHere : 0;
        return trial.FailedCount > (usual > 0 ? (2 * usual * trial.ItemCount) + 1 : 0);
    }

    /// <summary>
    /// What processes will do once their code is compiled, which takes a new one longer than a trial may last: as much as the sample's items took
    /// here, where it was compiled, and what sending was measured to cost on top. What was measured is the least.
    /// </summary>
    /// <param name="findings">What was measured.</param>
    /// <param name="trial">A trial of processes.</param>
    /// <returns>Items a second.</returns>
    public static double ProcessRate(Findings findings, BenchmarkPoint trial)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(trial);
        double count = Math.Max(1, findings.TimedCount);
        double cpu = (findings.Times.AllCpu.TotalSeconds / count) + trial.OverheadSeconds;
        double whole = findings.ItemSeconds.Mean + trial.OverheadSeconds;
        double busy = Knee.Workers(findings.Capacity, cpu, whole - (findings.Times.RunQueue.TotalSeconds / count));
        return Math.Max(trial.Throughput ?? 0, Math.Min(trial.Width, busy) / whole);
    }

    private static BenchmarkPoint[] Tried(Findings findings, Recommendation way) =>
        [.. findings.Trials.Where(trial => trial.Way == way && trial.Throughput is not null).OrderBy(trial => trial.Width)];

    private static int WidthFor(Findings findings, double knee, int most)
    {
        // A body that is parallel by itself keeps more than one core busy.
        double parallelism = findings.Times.AllCpu / findings.Times.Wall;
        double wanted = knee > findings.Cores * 2 ? knee * (IsCollected(findings) ? CollectedSlack : Slack) : parallelism > 1 ? knee : Math.Max(knee, findings.Cores);
        return (int)Math.Clamp(Math.Round(Math.Min(wanted, PlainWaiting)), 1, most);
    }

    private static ScalabilityModel? ModelOf(Findings findings, Recommendation way)
    {
        BenchmarkPoint[] tried = Tried(findings, way);
        double rate = tried.FirstOrDefault(trial => trial.Width == 1)?.Throughput ?? findings.SequentialRate;
        return ScalabilityModel.Fit(rate, [.. tried.Select(trial => (trial.Width, trial.Throughput!.Value))]);
    }

    private static double ConfidenceOf(Findings findings, Candidate best)
    {
        // What was only computed from a sample of one is worth less than what was tried.
        double spread = 1 - findings.ItemSeconds.RelativeError;
        return Math.Clamp(best.IsMeasured ? Math.Max(0.5, spread) : spread * 0.8, 0, 1);
    }
}
