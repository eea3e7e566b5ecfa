using Switchyard.Core.Analysis;

namespace Switchyard.Core.Harness;

/// <summary>Makes findings from what an item does, so that a test names only what it is about.</summary>
internal static class SampleFindings
{
    private const int Count = 20;

    /// <summary>Findings of items that are all alike.</summary>
    /// <param name="cpu">Milliseconds that an item computes.</param>
    /// <param name="wait">Milliseconds that it waits.</param>
    /// <param name="cores">The number of cores, all of which do their full work.</param>
    /// <param name="trials">What was tried.</param>
    public static Findings Of(double cpu, double wait, int cores = 4, params BenchmarkPoint[] trials) => new()
    {
        Cores = cores,
        Capacity = cores,
        ItemSeconds = SampleStatistics.Of([.. Enumerable.Repeat((cpu + wait) / 1000, Count)]),
        Times = new WorkTimes
        {
            Wall = TimeSpan.FromMilliseconds((cpu + wait) * Count),
            Cpu = TimeSpan.FromMilliseconds(cpu * Count),
        },
        TimedCount = Count,
        HandOverSeconds = 2e-6,
        UsedCount = Count,
        Trials = trials,
    };

    /// <summary>A trial of threads.</summary>
    public static BenchmarkPoint OnThreads(int width, double rate, double locked = 0, double collected = 0) =>
        new(Recommendation.Threads, width, rate, TimeSpan.FromMilliseconds(10 * width), 100, 0, 0, locked, collected);

    /// <summary>A trial of processes.</summary>
    public static BenchmarkPoint OnProcesses(int width, double rate, int failed = 0) =>
        new(Recommendation.Processes, width, rate, TimeSpan.FromMilliseconds(500), 100, failed, 0, 0, 0);
}
