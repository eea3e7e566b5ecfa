namespace Switchyard.Core.Analysis;

internal sealed class Evidence(Findings findings, Candidate threads, Candidate? processes, int most)
{
    private const double LeastShare = 0.02;

    private readonly List<string> _sentences = [];

    public IReadOnlyList<string> Tell(Advice advice, Candidate best, long? itemsLeft, bool isTooFew, string? whyNoProcesses)
    {
        TellItems();
        TellSplit(advice.Split);
        if (advice.Bottleneck == Bottleneck.TooSmall)
        {
            Say(Messages.EvidenceHandOver, Time(findings.HandOverSeconds));
            return _sentences;
        }

        TellKnee();
        TellTrials();
        TellWhyNotThreads(advice);
        if (whyNoProcesses is not null && advice.Bottleneck is not (Bottleneck.Wait or Bottleneck.Disk))
        {
            Say(Messages.EvidenceNoProcesses, whyNoProcesses);
        }

        if (isTooFew && advice.BreakEvenCount is { } breakEven)
        {
            Say(Messages.EvidenceTooFew, Number(itemsLeft!.Value), Workers(best), Time(best.StartUp), Number(breakEven));
        }
        else if (advice.Recommendation == Recommendation.Sequential)
        {
            Say(Messages.EvidenceNoGain, Rate(best.Rate), Factor(best.Rate / findings.SequentialRate));
        }
        else
        {
            Say(
                best.IsMeasured ? Messages.EvidenceExpected : Messages.EvidenceExpectedNotTried,
                Workers(best),
                Rate(best.Rate),
                Factor(advice.ExpectedSpeedup));
        }

        return _sentences;
    }

    public static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string Factor(double factor) => Text(factor < 10 ? Messages.EvidenceFactor : Messages.EvidenceLargeFactor, factor);

    public static string Rate(double rate) => Text(Messages.EvidenceRate, rate.ToString(rate < 10 ? "0.00" : rate < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture));

    public static string Time(double seconds) => seconds switch
    {
        < 1e-3 => (seconds * 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " us",
        < 1 => (seconds * 1e3).ToString(seconds < 0.01 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " ms",
        _ => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
    };

    public static string Bytes(double bytes) => bytes switch
    {
        < 1000 => bytes.ToString("0", CultureInfo.InvariantCulture) + " bytes",
        < 1e6 => Number(bytes / 1e3) + " kB",
        _ => Number(bytes / 1e6) + " MB",
    };

    /// <summary>A million bytes, rounded up: nothing that is sent is none of it.</summary>
    public static string Megabytes(double bytes) => Number(Math.Max(0.01, bytes / 1e6));

    private static string Workers(Candidate candidate) => Workers(candidate.Way, candidate.Width);

    private static string Workers(Recommendation way, int width) =>
        Text(
            way == Recommendation.Processes
                ? width == 1 ? Messages.EvidenceProcess : Messages.EvidenceProcesses
                : width == 1 ? Messages.EvidenceThread : Messages.EvidenceThreads,
            width);

    private static string Text(string message, params object?[] figures) => MessageText.FormatFigures(message, figures);

    private void Say(string message, params object?[] figures) => _sentences.Add(Text(message, figures));

    private void TellItems()
    {
        SampleStatistics seconds = findings.ItemSeconds;
        Say(
            seconds.WarmUpCount > 0 ? Messages.EvidenceItemsAfterWarmUp : Messages.EvidenceItems,
            seconds.Count,
            Time(seconds.Mean),
            Time(seconds.Median),
            Time(seconds.P95),
            seconds.WarmUpCount);
        if (findings.Failures.Count > 0)
        {
            Say(Messages.EvidenceFailures, findings.Failures.Count, findings.UsedCount);
        }

        if (seconds.Count < 2)
        {
            Say(Messages.EvidenceOneItem, seconds.Count);
        }
    }

    private void TellSplit(TimeSplit split)
    {
        double perItem = findings.ItemSeconds.Mean;
        foreach ((TimeKind kind, string what) in new[]
        {
            (TimeKind.Cpu, Messages.EvidenceKindCpu),
            (TimeKind.GarbageCollection, Messages.EvidenceKindGarbageCollection),
            (TimeKind.RunQueue, Messages.EvidenceKindRunQueue),
            (TimeKind.Lock, Messages.EvidenceKindLock),
            (TimeKind.Disk, Messages.EvidenceKindDisk),
            (TimeKind.ChildProcess, Messages.EvidenceKindChildProcess),
            (TimeKind.Wait, Messages.EvidenceKindWait),
        })
        {
            if (split[kind] >= LeastShare)
            {
                Say(Messages.EvidenceKind, Percent(split[kind]), Time(split[kind] * perItem), what);
            }
        }

        if (findings.AllocatedBytes * findings.SequentialRate > 100e6)
        {
            Say(Messages.EvidenceAllocations, Number(findings.AllocatedBytes / 1024), Number(findings.AllocatedBytes * findings.SequentialRate / 1e6));
        }

        if (findings.ReadBytes + findings.WrittenBytes >= 1024)
        {
            Say(Messages.EvidenceDiskBytes, Number(findings.ReadBytes / 1024), Number(findings.WrittenBytes / 1024));
        }

        if (split[TimeKind.RunQueue] >= LeastShare)
        {
            Say(Messages.EvidenceLostCores, Number(findings.LostCores));
        }

        if (findings.EmptySeconds >= LeastShare * perItem)
        {
            Say(Messages.EvidenceMeasuringCost, Time(findings.EmptySeconds));
        }

        double parallelism = findings.Times.AllCpu / findings.Times.Wall;
        if (parallelism > 1.2)
        {
            Say(Messages.EvidenceOwnThreads, Number(parallelism));
        }
    }

    private void TellKnee()
    {
        double knee = ExecutionAdvisor.KneeOf(findings);
        bool isOne = findings.Cores == 1;
        string message = knee > most
            ? isOne ? Messages.EvidenceKneeBeyondOfOne : Messages.EvidenceKneeBeyond
            : isOne ? Messages.EvidenceKneeOfOne : Messages.EvidenceKnee;
        string workers = Number(knee > most ? most : Math.Max(1, knee));
        Say(message, findings.Cores, Number(findings.Capacity), Text(workers == "1" ? Messages.EvidenceWorker : Messages.EvidenceWorkers, workers));
    }

    private void TellTrials()
    {
        foreach (BenchmarkPoint point in findings.Trials)
        {
            string workers = Workers(point.Way, point.Width);
            if (point.Throughput is { } rate)
            {
                Say(
                    Messages.EvidenceTrial,
                    workers,
                    Rate(rate),
                    point.ItemCount,
                    Factor(rate / findings.SequentialRate),
                    Time(point.StartUp.TotalSeconds));
            }
            else
            {
                Say(Messages.EvidenceTrialTooShort, workers, point.ItemCount);
            }

            if (point is { Way: Recommendation.Processes, Throughput: { } cold }
                && !ExecutionAdvisor.FailsThere(findings, point)
                && ExecutionAdvisor.ProcessRate(findings, point) is var warm && warm > cold * 1.1)
            {
                Say(Messages.EvidenceTrialCold, Rate(warm), workers, Time(point.OverheadSeconds));
            }

            if (point.Way == Recommendation.Processes && ExecutionAdvisor.FailsThere(findings, point))
            {
                Say(Messages.EvidenceFailsThere, point.FailedCount, point.ItemCount);
            }
        }
    }

    private void TellWhyNotThreads(Advice advice)
    {
        if (BottleneckClassifier.LockedPoint(findings) is { } worst)
        {
            Say(Messages.EvidenceLock, worst.Width, Percent(worst.LockShare));
        }
        else if (advice.Bottleneck == Bottleneck.Lock)
        {
            Say(Messages.EvidenceTurns, threads.Width, Factor(threads.Rate / findings.SequentialRate));
        }

        BenchmarkPoint? collected = findings.Trials.Where(point => point.Way == Recommendation.Threads).MaxBy(point => point.GarbageCollectionShare);
        if (collected is { GarbageCollectionShare: > 0.1 } && advice.Split[TimeKind.Cpu] > 0.3)
        {
            Say(Messages.EvidenceCollections, collected.Width, Percent(collected.GarbageCollectionShare));
        }

        if (processes is not null && advice.Recommendation == Recommendation.Threads)
        {
            bool gains = processes.Rate > threads.Rate * ExecutionAdvisor.LeastGainOfProcesses;
            Say(gains ? Messages.EvidenceProcessesHaveNoReason : Messages.EvidenceProcessesGainTooLittle, Factor(processes.Rate / threads.Rate));
        }
    }
}
