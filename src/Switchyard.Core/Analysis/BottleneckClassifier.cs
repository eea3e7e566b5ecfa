namespace Switchyard.Core.Analysis;

/// <summary>Names what holds work up. A pure function.</summary>
public static class BottleneckClassifier
{
    // A kind that takes so much of the time is what it is; with less there is more than one.
    private const double Most = 0.6;
    private const double Much = 0.3;

    // Several at once that do hardly more than one: they wait for each other.
    private const double NoGain = 1.25;

    /// <summary>
    /// Finds the trial in which threads waited for each other's locks: the narrowest, or one that did best. Wider ones than that do so for their number.
    /// </summary>
    /// <param name="findings">What was measured.</param>
    /// <returns>The trial; null if there was none.</returns>
    public static BenchmarkPoint? LockedTrial(Findings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        BenchmarkPoint[] threads = [.. findings.Trials.Where(trial => trial is { Way: Recommendation.Threads, Throughput: not null }).OrderBy(trial => trial.Width)];
        BenchmarkPoint? best = threads.MaxBy(trial => trial.Throughput);
        return threads.Where(trial => trial == threads[0] || trial.Width <= best!.Width).MaxBy(trial => trial.LockShare) is { } most
            && most.LockShare > ExecutionAdvisor.LockedShare
                ? most
                : null;
    }

    /// <summary>Classifies.</summary>
    /// <param name="findings">What was measured.</param>
    /// <returns>The bottleneck.</returns>
    public static Bottleneck Classify(Findings findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        if (ExecutionAdvisor.IsTooSmall(findings))
        {
            return Bottleneck.TooSmall;
        }

        TimeSplit split = TimeSplit.Of(findings.Times);
        BenchmarkPoint[] threads = [.. findings.Trials.Where(trial => trial is { Way: Recommendation.Threads, Throughput: not null })];

        // What waited for the cores would have computed.
        double whole = 1 - split[TimeKind.RunQueue];
        double cpu = Share(TimeKind.Cpu) + Share(TimeKind.GarbageCollection);
        double wait = Share(TimeKind.Wait);
        bool takesTurns = wait > Most && threads.Length > 0 && threads.Max(trial => trial.Throughput) < NoGain * findings.SequentialRate;
        if (LockedTrial(findings) is not null || takesTurns)
        {
            return Bottleneck.Lock;
        }

        if (Share(TimeKind.GarbageCollection) > Much || (cpu > Most && threads.Any(trial => trial.GarbageCollectionShare > Much)))
        {
            return Bottleneck.GarbageCollection;
        }

        return Share(TimeKind.ChildProcess) > Most ? Bottleneck.ChildProcess
            : Share(TimeKind.Disk) > Much && Share(TimeKind.Disk) >= cpu ? Bottleneck.Disk
            : cpu > Most ? Bottleneck.Cpu
            : wait > Most ? Bottleneck.Wait
            : Bottleneck.Mixed;

        double Share(TimeKind kind) => whole > 0 ? split[kind] / whole : 0;
    }
}
