using System.Globalization;

namespace Switchyard.Verdict;

/// <summary>Puts figures into sentences.</summary>
/// <param name="findings">What was measured.</param>
/// <param name="threads">What threads are expected to do.</param>
/// <param name="processes">What processes are; null if they were not tried.</param>
/// <param name="most">The most workers that may be.</param>
internal sealed class Evidence(Findings findings, Candidate threads, Candidate? processes, int most)
{
    private const double Worth = 0.02;

    private readonly List<string> _sentences = [];

    /// <summary>Tells why.</summary>
    /// <param name="advice">What was decided.</param>
    /// <param name="best">What is the fastest way.</param>
    /// <param name="itemsLeft">How many items are left; null if nobody knows.</param>
    /// <param name="isTooFew">Whether that is too few.</param>
    /// <param name="whyNoProcesses">Why processes are no choice.</param>
    /// <returns>The sentences.</returns>
    public IReadOnlyList<string> Tell(Advice advice, Candidate best, long? itemsLeft, bool isTooFew, string? whyNoProcesses)
    {
        TellItems();
        TellSplit(advice.Split);
        if (advice.Bottleneck == Bottleneck.TooSmall)
        {
            Say($"Handing an item to a worker and back costs {Time(findings.HandOverSeconds)}: more workers would spend their time on that.");
            return _sentences;
        }

        TellKnee();
        TellTrials();
        TellWhyNotThreads(advice);
        if (whyNoProcesses is not null && advice.Bottleneck is not (Bottleneck.Wait or Bottleneck.Disk))
        {
            Say($"Processes were not tried: {whyNoProcesses}");
        }

        if (isTooFew && advice.BreakEvenCount is { } breakEven)
        {
            Say($"{Number(itemsLeft!.Value)} items are left. {Workers(best)} take {Time(best.StartUp)} to start and pay from {Number(breakEven)} items on.");
        }
        else if (advice.Recommendation == Recommendation.Sequential)
        {
            Say($"The fastest way found does {Rate(best.Rate)}, {Factor(best.Rate / findings.SequentialRate)} of one item after another: not worth another way of working.");
        }
        else
        {
            Say($"{Workers(best)} are expected to do {Rate(best.Rate)}, {Factor(advice.ExpectedSpeedup)} of one item after another{(best.IsMeasured ? string.Empty : "; computed, not tried")}.");
        }

        return _sentences;
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString(share < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string Factor(double factor) => factor.ToString(factor < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " times that";

    private static string Rate(double rate) => rate.ToString(rate < 10 ? "0.00" : rate < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + " items/s";

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => (seconds * 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " us",
        < 1 => (seconds * 1e3).ToString(seconds < 0.01 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " ms",
        _ => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
    };

    private static string Workers(Candidate candidate) => Workers(candidate.Way, candidate.Width);

    private static string Workers(Recommendation way, int width) =>
        width.ToString(CultureInfo.InvariantCulture) + (way == Recommendation.Processes ? width == 1 ? " process" : " processes" : width == 1 ? " thread" : " threads");

    private void Say(FormattableString sentence) => _sentences.Add(FormattableString.Invariant(sentence));

    private void TellItems()
    {
        SampleStatistics seconds = findings.ItemSeconds;
        string warmUp = seconds.WarmUpCount > 0 ? $"; the first {seconds.WarmUpCount} took longer and are left out" : string.Empty;
        Say($"{seconds.Count} items, one after another, took {Time(seconds.Mean)} each (half at most {Time(seconds.Median)}, 95 % at most {Time(seconds.P95)}){warmUp}.");
        if (findings.Failures.Count > 0)
        {
            Say($"{findings.Failures.Count} of the {findings.UsedCount} items that were run failed, and are in none of the times.");
        }

        if (seconds.Count < 2)
        {
            Say($"With {seconds.Count} timed item nothing is known of how much they differ.");
        }
    }

    private void TellSplit(TimeSplit split)
    {
        double perItem = findings.ItemSeconds.Mean;
        foreach ((TimeKind kind, string what) in new[]
        {
            (TimeKind.Cpu, "computing"),
            (TimeKind.GarbageCollection, "collecting garbage"),
            (TimeKind.RunQueue, "waiting for a core that others used, which is no waiting of its own"),
            (TimeKind.Lock, "waiting for a lock"),
            (TimeKind.Disk, "waiting for a disk"),
            (TimeKind.ChildProcess, "waiting for child processes that computed"),
            (TimeKind.Wait, "waiting for something else"),
        })
        {
            if (split[kind] >= Worth)
            {
                Say($"{Percent(split[kind])} of the time ({Time(split[kind] * perItem)} an item) went into {what}.");
            }
        }

        if (findings.AllocatedBytes * findings.SequentialRate > 100e6)
        {
            Say($"An item allocates {Number(findings.AllocatedBytes / 1024)} kB, {Number(findings.AllocatedBytes * findings.SequentialRate / 1e6)} MB/s.");
        }

        if (findings.ReadBytes + findings.WrittenBytes >= 1024)
        {
            Say($"An item had {Number(findings.ReadBytes / 1024)} kB read from a disk and {Number(findings.WrittenBytes / 1024)} kB written to one.");
        }

        if (split[TimeKind.RunQueue] >= Worth)
        {
            Say($"An item lost its core to others {Number(findings.LostCores)} times.");
        }

        if (findings.EmptySeconds >= Worth * perItem)
        {
            Say($"Measuring costs {Time(findings.EmptySeconds)} an item, which is taken off.");
        }

        double parallelism = findings.Times.AllCpu / findings.Times.Wall;
        if (parallelism > 1.2)
        {
            Say($"An item keeps {Number(parallelism)} cores busy by itself, so fewer workers are needed.");
        }
    }

    private void TellKnee()
    {
        double knee = ThrottleAdvisor.KneeOf(findings);
        string capacity = findings.Cores == 1 ? "There is 1 core" : $"The {findings.Cores} cores do {Number(findings.Capacity)} times the work of one, as measured";
        if (knee > most)
        {
            Say($"{capacity}; they would be busy with more than {most} workers.");
        }
        else
        {
            Say($"{capacity}; they are busy from {Number(Math.Max(1, knee))} workers on: cores x (1 + wait / CPU).");
        }
    }

    private void TellTrials()
    {
        foreach (TrialPoint trial in findings.Trials)
        {
            string workers = Workers(trial.Way, trial.Width);
            if (trial.Throughput is { } rate)
            {
                Say($"{workers} did {Rate(rate)} in {trial.ItemCount} items, {Factor(rate / findings.SequentialRate)} of one after another; {Time(trial.StartUp.TotalSeconds)} to start.");
            }
            else
            {
                Say($"{workers} were tried, but {trial.ItemCount} items were too few to tell.");
            }

            if (trial is { Way: Recommendation.Processes, Throughput: { } cold }
                && !ThrottleAdvisor.FailsThere(findings, trial)
                && ThrottleAdvisor.ProcessRate(findings, trial) is var warm && warm > cold * 1.1)
            {
                Say($"That was with code not compiled yet. Once it is, {Rate(warm)} are expected of {workers}: an item's time here, and {Time(trial.OverheadSeconds)} to send it.");
            }

            if (trial.Way == Recommendation.Processes && ThrottleAdvisor.FailsThere(findings, trial))
            {
                Say($"{trial.FailedCount} of the {trial.ItemCount} items in processes failed, more than on threads: processes are no choice.");
            }
        }
    }

    private void TellWhyNotThreads(Advice advice)
    {
        if (BottleneckClassifier.LockedTrial(findings) is { } worst)
        {
            Say($"{worst.Width} threads spent {Percent(worst.LockShare)} of their time waiting for a .NET lock.");
        }
        else if (advice.Bottleneck == Bottleneck.Lock)
        {
            Say($"{threads.Width} at once do no more than {Factor(threads.Rate / findings.SequentialRate)} of one, although the cores are free: items take turns at something.");
        }

        TrialPoint? collected = findings.Trials.Where(trial => trial.Way == Recommendation.Threads).MaxBy(trial => trial.GarbageCollectionShare);
        if (collected is { GarbageCollectionShare: > 0.1 } && advice.Split[TimeKind.Cpu] > 0.3)
        {
            Say($"With {collected.Width} threads the garbage collector stopped all of them for {Percent(collected.GarbageCollectionShare)} of the time.");
        }

        if (processes is not null && advice.Recommendation == Recommendation.Threads)
        {
            Say($"Processes do {Factor(processes.Rate / threads.Rate)} of threads: not enough to pay for their start and memory.");
        }
    }
}
