namespace Switchyard.Core.Analysis;

/// <summary>Names the bottleneck. A pure function.</summary>
internal static class BottleneckClassifier
{
    // A kind of time with this share is the bottleneck; with less there is more than one.
    private const double Most = 0.6;
    private const double Much = 0.3;

    // Several at once that do hardly more than one: they wait for each other.
    private const double NoGain = 1.25;

    /// <summary>
    /// Finds the measured width at which threads waited for each other's locks: the narrowest, or up to the best. Wider ones wait because they are many.
    /// </summary>
    /// <returns>The point; null if there was none.</returns>
    public static BenchmarkPoint? LockedPoint(Findings findings)
    {
        BenchmarkPoint[] threads = [.. findings.Trials.Where(point => point is { Way: Recommendation.Threads, Throughput: not null }).OrderBy(point => point.Width)];
        BenchmarkPoint? best = threads.MaxBy(point => point.Throughput);
        return threads.Where(point => point == threads[0] || point.Width <= best!.Width).MaxBy(point => point.LockShare) is { } most
            && most.LockShare > ExecutionAdvisor.LockedShare
                ? most
                : null;
    }

    public static Bottleneck Classify(Findings findings)
    {
        if (ExecutionAdvisor.IsTooSmall(findings))
        {
            return Bottleneck.TooSmall;
        }

        TimeSplit split = TimeSplit.Of(findings.Times);
        BenchmarkPoint[] threads = [.. findings.Trials.Where(point => point is { Way: Recommendation.Threads, Throughput: not null })];

        // What waited for the cores would have computed.
        double whole = 1 - split[TimeKind.RunQueue];
        double cpu = Share(TimeKind.Cpu) + Share(TimeKind.GarbageCollection);
        double wait = Share(TimeKind.Wait);
        bool takesTurns = wait > Most && threads.Length > 0 && threads.Max(point => point.Throughput) < NoGain * findings.SequentialRate;
        if (LockedPoint(findings) is not null || takesTurns)
        {
            return Bottleneck.Lock;
        }

        if (Share(TimeKind.GarbageCollection) > Much || (cpu > Most && threads.Any(point => point.GarbageCollectionShare > Much)))
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
