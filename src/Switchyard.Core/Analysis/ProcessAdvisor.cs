namespace Switchyard.Core.Analysis;

/// <summary>Decides from what a live process was seen to do how more of it is best run. Pure functions.</summary>
internal static class ProcessAdvisor
{
    private const double Most = 0.6;
    private const double Much = 0.25;
    private const double LeastShareTold = 0.02;
    private const double Megabyte = 1024 * 1024;

    /// <summary>Tells from samples of a live process what its time goes into, and how many of its kind keep the cores busy.</summary>
    /// <param name="most">The most workers that may be recommended.</param>
    public static Advice Advise(WatchedProcess watched, int cores, double capacity, int most)
    {
        WorkTimes seen = watched.Times;
        WorkTimes times = seen with
        {
            GarbageCollection = TimeSpan.FromSeconds(watched.Runtime?.PauseSeconds ?? 0),

            // Of many threads' waiting only what held all of it up: that of as many as there are threads at work.
            Lock = TimeSpan.FromSeconds((watched.Runtime?.LockSeconds ?? 0) / Math.Max(1, watched.ThreadCount)),
        };
        TimeSplit split = TimeSplit.Of(times);
        double parallelism = times.AllCpu / times.Wall;
        double lockShare = watched.Runtime is { } runtime ? runtime.LockSeconds / times.Wall.TotalSeconds : 0;
        Bottleneck bottleneck = lockShare > 1 - Much && lockShare > parallelism ? Bottleneck.Lock
            : split[TimeKind.GarbageCollection] > Much ? Bottleneck.GarbageCollection
            : split[TimeKind.ChildProcess] > Most ? Bottleneck.ChildProcess
            : split[TimeKind.Disk] > Much && split[TimeKind.Disk] >= split[TimeKind.Cpu] ? Bottleneck.Disk
            : split[TimeKind.Cpu] + split[TimeKind.RunQueue] > Most ? Bottleneck.Cpu
            : split[TimeKind.Wait] > Most ? Bottleneck.Wait
            : Bottleneck.Mixed;
        double knee = Knee.Workers(capacity, parallelism, Math.Max(parallelism > 1 ? 1 : parallelism, 1 - split[TimeKind.RunQueue]));
        int width = (int)Math.Clamp(Math.Round(knee), 1, most);
        bool waits = bottleneck is Bottleneck.Wait or Bottleneck.Disk;
        return new Advice
        {
            Bottleneck = bottleneck,
            Recommendation = width == 1 ? Recommendation.Sequential : waits ? Recommendation.Threads : Recommendation.Processes,
            ThrottleLimit = width,
            Split = split,
            ExpectedSpeedup = width == 1 ? 1 : Math.Min(width, Math.Max(1, knee)),
            BreakEvenCount = null,
            Confidence = Math.Min(0.8, 1 - (1 / Math.Sqrt(Math.Max(1, watched.PollCount)))),
            BytesPerWorker = watched.WorkingSet,
            Evidence = Tell(watched, times, split, parallelism, cores, capacity, knee, most),
        };
    }

    private static List<string> Tell(
        WatchedProcess watched, WorkTimes times, TimeSplit split, double parallelism, int cores, double capacity, double knee, int most)
    {
        List<string> sentences = [];
        Say(
            watched.HasEnded ? Messages.WatchedEnded : Messages.WatchedSamples,
            watched.PollCount,
            times.Wall.TotalSeconds,
            watched.ThreadCount,
            watched.WorkingSet / Megabyte);
        Say(Messages.WatchedCores, parallelism - (times.ChildCpu / times.Wall), times.ChildCpu / times.Wall);
        foreach ((TimeKind kind, string what) in new[]
        {
            (TimeKind.RunQueue, Messages.WatchedKindRunQueue),
            (TimeKind.Disk, Messages.WatchedKindDisk),
            (TimeKind.Wait, Messages.WatchedKindWait),
        })
        {
            if (split[kind] >= LeastShareTold)
            {
                Say(Messages.WatchedKind, split[kind] * 100, what);
            }
        }

        if (watched.Runtime is { } runtime)
        {
            Say(
                Messages.WatchedRuntime,
                runtime.Collections,
                runtime.PauseSeconds / times.Wall.TotalSeconds * 100,
                runtime.Contentions,
                runtime.LockSeconds);
        }

        if (watched is { ReadBytes: { } read, WrittenBytes: { } written } && read + written > 0)
        {
            Say(Messages.WatchedDiskBytes, read / Megabyte, written / Megabyte);
        }

        if (knee > most)
        {
            Say(cores == 1 ? Messages.WatchedKneeBeyondOfOne : Messages.WatchedKneeBeyond, cores, capacity, most);
        }
        else
        {
            Say(cores == 1 ? Messages.WatchedKneeOfOne : Messages.WatchedKnee, cores, capacity, Math.Max(1, knee));
        }

        return sentences;

        void Say(string message, params object?[] figures) =>
            sentences.Add(MessageText.FormatFigures(message, figures));
    }
}
