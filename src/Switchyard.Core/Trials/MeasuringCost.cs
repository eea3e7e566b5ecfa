using Switchyard.Core.Analysis;
using Switchyard.Core.Batch;

namespace Switchyard.Core.Trials;

/// <summary>What is in a measurement although no item did it.</summary>
/// <param name="ItemSeconds">Seconds that an item of nothing takes where items are timed. It only computes, so that is its processor time, too.</param>
/// <param name="HandOverSeconds">Seconds that an item takes to go to a worker and back, on all cores.</param>
internal sealed record MeasuringCost(double ItemSeconds, double HandOverSeconds)
{
    private const int TimedItems = 400;
    private const int HandedItems = 2_000;
    private const int Rounds = 5;

    /// <summary>Measures with a body of nothing.</summary>
    /// <param name="empty">Makes workers that run it; null where nothing of the cost is in the figures.</param>
    public static MeasuringCost Measure(Func<IWorkerFactory>? empty, CancellationToken cancellation) =>
        empty is null ? new MeasuringCost(0, 0) : new MeasuringCost(TimeItem(empty, cancellation), TimeHandOver(empty));

    private static double TimeItem(Func<IWorkerFactory> empty, CancellationToken cancellation)
    {
        ItemSupply nothings = new(TimedItems);
        for (int i = 0; i < TimedItems; i++)
        {
            nothings.Add(i);
        }

        nothings.End();
        using BenchmarkRun benchmark = new(empty(), 1, isProbed: true);
        BenchmarkLimits limits = new() { MaxItems = TimedItems, StartTime = TimeSpan.FromSeconds(1), Deadline = TimeSpan.FromSeconds(5), Ahead = TimedItems };
        BenchmarkOutcome outcome = benchmark.Run(nothings, limits, _ => { }, _ => { }, cancellation);
        outcome.ThrowIfFailed();
        return SampleStatistics.Of([.. outcome.Log.Items.Select(item => item.Duration.TotalSeconds)]).Median;
    }

    private static double TimeHandOver(Func<IWorkerFactory> empty)
    {
        double least = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            // The first rounds are for the compiler.
            using BatchRun run = new(new BatchOptions { ThrottleLimit = Environment.ProcessorCount }, empty(), TimeProvider.System);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < HandedItems && run.Add(i, NoSink.Instance); i++)
            {
            }

            run.Complete(NoSink.Instance);
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds / HandedItems);
            run.Close();
        }

        return least;
    }

    private sealed class NoSink : IResultSink
    {
        public static readonly NoSink Instance = new();

        public void Write(in ItemRecord record)
        {
        }

        public void Complete(ItemResult result)
        {
        }
    }
}
