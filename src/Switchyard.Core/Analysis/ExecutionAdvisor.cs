namespace Switchyard.Core.Analysis;

/// <summary>Decides from figures how work is best run, and with how many workers. Pure functions.</summary>
internal static class ExecutionAdvisor
{
    /// <summary>The share of waiting for monitors from which they are what limits threads.</summary>
    public const double LockedShare = 0.25;

    /// <summary>The share of being stopped by the garbage collector from which that is what limits threads.</summary>
    public const double CollectedShare = 0.2;

    // With less gain than this, sequential stays the recommendation.
    private const double LeastGain = 1.1;

    /// <summary>Threads are cheaper to start and share their memory: processes must do so much better.</summary>
    public const double LeastGainOfProcesses = 1.07;

    // An item of less than so many hand-overs spends its time on being handed over.
    private const double TooSmallFactor = 2;

    private const int FirstWidth = 4;
    private const int Step = 4;
    private const int WellTried = 16;

    /// <summary>Whether an item takes hardly longer than handing it over.</summary>
    public static bool IsTooSmall(Findings findings)
    {
        return !findings.IsExecutable && findings.ItemSeconds.Median < TooSmallFactor * findings.HandOverSeconds;
    }

    /// <summary>From how many workers on the cores are busy.</summary>
    public static double KneeOf(Findings findings)
    {
        // Time in the run queue is neither: on a quiet machine there is none of it.
        WorkTimes times = findings.Times;
        double count = Math.Max(1, findings.TimedCount);
        double cpu = (Math.Max(times.AllCpu.TotalSeconds, times.GarbageCollection.TotalSeconds) / count) + findings.HandOverSeconds;
        double time = findings.ItemSeconds.Mean + findings.HandOverSeconds - (times.RunQueue.TotalSeconds / count);

        // No item takes less time than it computes, but for one that is parallel by itself.
        return Knee.Workers(findings.Capacity, cpu, times.AllCpu < times.Wall ? Math.Max(time, cpu) : time);
    }

    /// <summary>Says at which numbers of threads work is to be tried.</summary>
    /// <returns>The numbers, in rising order; the next is tried if the one before has gained something.</returns>
    public static IReadOnlyList<int> WidthsToTry(Findings findings, int most, bool validates)
    {
        SortedSet<int> widths = [];
        double busy = KneeOf(findings);
        if (validates)
        {
            widths.UnionWith([2, 4]);
        }

        if (Candidates.Waits(findings) || busy > findings.Cores * 2)
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

    /// <summary>Whether no larger width needs to be measured: so many workers did nearly so many times the work of one.</summary>
    public static bool IsConvincing(Findings findings, BenchmarkPoint point)
    {
        return point.Width >= WellTried && Candidates.IsLinear(findings, point);
    }

    /// <summary>Recommends the way to run the items that is fastest by what was measured.</summary>
    /// <param name="most">The most workers that may be recommended.</param>
    /// <param name="itemsLeft">How many items are still to be run; null if unknown.</param>
    /// <param name="whyNoProcesses">Why processes are no choice; null if they are one.</param>
    public static Advice Advise(Findings findings, int most, long? itemsLeft, string? whyNoProcesses)
    {
        Candidate threads = Candidates.OnThreads(findings, most);
        Candidate? processes = Candidates.OnProcesses(findings, most);
        Candidate best = processes is not null && processes.Rate > threads.Rate * LeastGainOfProcesses && (processes.IsMeasured || HoldEachOtherUp(findings)) ? processes : threads;
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
        bool isSequential = isTooSmall || speedup < LeastGain || isTooFew;
        Evidence evidence = new(findings, threads, processes, most);
        Advice advice = new()
        {
            Bottleneck = BottleneckClassifier.Classify(findings),
            Recommendation = isSequential ? Recommendation.Sequential : best.Way,
            ThrottleLimit = isSequential ? 1 : itemsLeft is { } rest ? (int)Math.Clamp(rest, 1, best.Width) : best.Width,
            Split = TimeSplit.Of(findings.Times),
            BestRate = Math.Max(single, best.Rate),
            ExpectedSpeedup = isSequential ? 1 : speedup,
            BreakEvenCount = isTooSmall || speedup < LeastGain ? null : breakEven,
            Confidence = ConfidenceOf(findings, best),
            BytesPerWorker = isSequential ? null : best.Way == Recommendation.Processes && !findings.IsExecutable ? findings.BytesPerProcess : findings.BytesPerThread,
            Evidence = [],
            ThreadModel = ModelOf(findings, Recommendation.Threads),
            ProcessModel = ModelOf(findings, Recommendation.Processes),
        };
        return advice with { Evidence = evidence.Tell(advice, best, itemsLeft, isTooFew, whyNoProcesses) };
    }

    /// <summary>What a number of workers is expected to do by the sample alone: as many at once, until the cores are busy.</summary>
    /// <returns>Items a second.</returns>
    public static double Predict(Findings findings, int width)
    {
        return findings.SequentialRate * Math.Min(width, Math.Max(1, KneeOf(findings)));
    }

    // In so short a trial threads fall short also because their code is not compiled yet, and what processes are computed to do is that of compiled code.
    private static bool HoldEachOtherUp(Findings findings) =>
        BottleneckClassifier.LockedPoint(findings) is not null
        || Candidates.Measured(findings, Recommendation.Threads).Any(point => point.GarbageCollectionShare > CollectedShare);

    /// <summary>Whether items fail in processes that do not fail on threads: what they were given did not arrive there as it was.</summary>
    public static bool FailsThere(Findings findings, BenchmarkPoint point) => FailsThere(findings, point.FailedCount, point.ItemCount);

    /// <summary>Whether more of so many items fail elsewhere than on threads.</summary>
    public static bool FailsThere(Findings findings, int failed, int count)
    {
        BenchmarkPoint[] processes = [.. findings.Trials.Where(other => other.Way == Recommendation.Processes)];
        int failedHere = findings.Failures.Count - processes.Sum(other => other.FailedCount) - findings.Hosts.Sum(host => host.FailedCount);
        int runHere = findings.UsedCount - processes.Sum(other => other.ItemCount) - findings.Hosts.Sum(host => host.ItemCount);
        double usual = runHere > 0 ? Math.Max(0, failedHere) / (double)runHere : 0;
        return failed > (usual > 0 ? (2 * usual * count) + 1 : 0);
    }

    /// <summary>
    /// What processes will do once their code is compiled, which takes a new one longer than a benchmark run may last: as much as the sample's items took
    /// here, where it was compiled, and what sending was measured to cost on top. What was measured is the least.
    /// </summary>
    /// <returns>Items a second.</returns>
    public static double ProcessRate(Findings findings, BenchmarkPoint point)
    {
        double count = Math.Max(1, findings.TimedCount);
        double cpu = (findings.Times.AllCpu.TotalSeconds / count) + point.OverheadSeconds;
        double whole = findings.ItemSeconds.Mean + point.OverheadSeconds;
        double busy = Knee.Workers(findings.Capacity, cpu, whole - (findings.Times.RunQueue.TotalSeconds / count));
        return Math.Max(point.Throughput ?? 0, Math.Min(point.Width, busy) / whole);
    }

    private static ScalabilityModel? ModelOf(Findings findings, Recommendation way)
    {
        BenchmarkPoint[] points = Candidates.Measured(findings, way);
        double rate = points.FirstOrDefault(point => point.Width == 1)?.Throughput ?? findings.SequentialRate;
        return ScalabilityModel.Fit(rate, [.. points.Select(point => (point.Width, point.Throughput!.Value))]);
    }

    private static double ConfidenceOf(Findings findings, Candidate best)
    {
        // A prediction from one worker is less certain than a measurement.
        double spread = 1 - findings.ItemSeconds.RelativeError;
        return Math.Clamp(best.IsMeasured ? Math.Max(0.5, spread) : spread * 0.8, 0, 1);
    }
}
