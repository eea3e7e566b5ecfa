using System.Diagnostics;
using Switchyard.Core.Harness;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

public sealed class BatchRunProgressTests
{
    [Fact]
    public async Task Progress_is_told_at_most_four_times_a_second_on_the_feeding_thread_also_while_it_waits()
    {
        // A coarse clock may be some milliseconds behind.
        TimeSpan least = TimeSpan.FromMilliseconds(200);
        List<(long At, int Thread, RunProgress Progress)> reports = [];
        int feeder = 0;
        using Gate gate = new();
        using Gate reported = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            switch (item.Index)
            {
                case 0:
                    throw new InvalidOperationException("First.");
                case 2:
                    context.WaitFor(gate);
                    break;
            }
        });
        long start = Stopwatch.GetTimestamp();
        BatchOptions options = new()
        {
            ThrottleLimit = 1,
            Progress = progress =>
            {
                reports.Add((Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, progress));
                if (reports.Count == 3)
                {
                    reported.Open();
                }
            },
        };
        using BatchRun run = new(options, workers, TimeProvider.System);
        Task<RunOutcome> running = Bounded.Run(() =>
        {
            feeder = Environment.CurrentManagedThreadId;
            CollectingSink sink = new();
            foreach (object? item in Batches.Numbers(4))
            {
                run.Add(item, sink);
            }

            run.Complete(sink);
            return run.Close();
        });
        reported.Pass();
        gate.Open();
        await Bounded.Await(running);
        Assert.All(reports, report => Assert.Equal(feeder, report.Thread));
        long last = start;
        foreach ((long at, _, _) in reports)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(last, at), least, Bounded.Limit);
            last = at;
        }

        RunProgress progress = reports[2].Progress;
        Assert.Equal((4, 2, 1, 1, 0), (progress.Read, progress.Done, progress.Failed, progress.Running, progress.Waiting));
        Assert.InRange(progress.Elapsed, 3 * least, Bounded.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task How_far_a_run_is_can_be_seen_from_anywhere(bool collects)
    {
        ConcurrencyMeter meter = new();
        using Gate allAdded = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            meter.Enter();
            if (item.Index == 0)
            {
                throw new InvalidOperationException("First.");
            }

            context.WaitFor(gate);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, CollectResults = collects }, workers, TimeProvider.System);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(6).Telling(allAdded), new CollectingSink());
        allAdded.Pass();
        meter.WaitForStarted(3);
        RunProgress progress = run.Progress;
        Assert.Equal((6, 1, 1, 2, 0), (progress.Read, progress.Done, progress.Failed, progress.Running, progress.Waiting));
        gate.Open();
        await Bounded.Await(running);
        Assert.Equal((6, 6, 1, 0), (run.Progress.Read, run.Progress.Done, run.Progress.Failed, run.Progress.Running));
    }
}
