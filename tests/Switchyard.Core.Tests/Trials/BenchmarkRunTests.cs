using Switchyard.Core.Trials.Metering;
using System.Collections.Concurrent;
using Switchyard.Core.Analysis;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Trials;

public sealed class BenchmarkRunTests
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_trial_has_the_width_that_it_is_of_and_uses_no_more_items_than_it_may(int width)
    {
        ConcurrencyMeter meter = new();
        using CountdownEvent all = new(width);
        ScriptedWorkers workers = new((item, _) =>
        {
            meter.Enter();
            if ((int)item.Input! < width)
            {
                // No worker's first item ends before all have begun.
                all.Signal();
                Assert.True(all.Wait(Bounded.Limit));
            }

            meter.Leave();
        });
        ItemSupply supply = Supply(100);
        ConcurrentQueue<ItemResult> results = [];
        using BenchmarkRun trial = new(workers, width, isProbed: width == 1);
        BenchmarkOutcome outcome = trial.Run(supply, Limits(40), _ => { }, results.Enqueue, CancellationToken.None);
        Assert.Equal(width, meter.Peak);
        Assert.Equal(40, outcome.Log.Items.Count);
        Assert.Equal(40, results.Count);
        Assert.Equal(60, supply.Count);
        Assert.Equal(width, outcome.Log.Opened.Count);
        Assert.Equal(width == 1, outcome.Log.Intervals.Count > 0);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public void What_was_not_started_is_given_back()
    {
        using Gate never = new();
        using CancellationTokenSource stop = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if ((int)item.Input! == 3)
            {
                stop.Cancel();
                context.WaitFor(never);
            }
        });
        ItemSupply supply = Supply(50);
        using BenchmarkRun trial = new(workers, 2, isProbed: false);
        BenchmarkOutcome outcome = trial.Run(supply, Limits(50), _ => { }, _ => { }, stop.Token);
        Assert.Equal(RunEnd.Canceled, outcome.Outcome.End);
        Assert.Equal(50, supply.Count + outcome.Log.Count + outcome.Outcome.Interrupted.Count - outcome.Log.Items.Count(item => item.Status == ItemStatus.Canceled));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public void Whatnever_returns_is_stopped_at_the_deadline()
    {
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) => context.WaitFor(never));
        using BenchmarkRun trial = new(workers, 1, isProbed: true);
        BenchmarkOutcome outcome = trial.Run(Supply(5), Limits(5) with { Deadline = TimeSpan.FromMilliseconds(50) }, _ => { }, _ => { }, CancellationToken.None);
        Assert.Equal(RunEnd.TimedOut, outcome.Outcome.End);
        Assert.DoesNotContain(outcome.Log.Items, item => item.Status == ItemStatus.Succeeded);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public void Enough_is_enough()
    {
        ScriptedWorkers workers = new((_, _) => { });
        ItemSupply supply = Supply(1000);
        using BenchmarkRun trial = new(workers, 1, isProbed: false);
        BenchmarkOutcome outcome = trial.Run(supply, Limits(1000) with { IsEnough = log => log.Count >= 7 }, _ => { }, _ => { }, CancellationToken.None);
        Assert.InRange(outcome.Log.Count, 7, 9);
        Assert.Equal(1000, supply.Count + outcome.Log.Count);
    }

    [Fact]
    public void Throughput_is_that_of_the_time_when_all_were_busy()
    {
        // Two workers, an item a tick of 10 each; the second one's first item took 50.
        BenchmarkLog log = new();
        for (int i = 0; i < 20; i++)
        {
            log.Note(new SampledItem(1, i * 10, (i + 1) * 10, ItemStatus.Succeeded, null));
        }

        log.Note(new SampledItem(2, 0, 50, ItemStatus.Succeeded, null));
        for (int i = 5; i < 20; i++)
        {
            log.Note(new SampledItem(2, i * 10, (i + 1) * 10, ItemStatus.Succeeded, null));
        }

        BenchmarkOutcome outcome = new(2, log, new RunOutcome { End = RunEnd.Completed, Read = 36, Finished = 36, Failed = 0, Interrupted = [], Skipped = 0, Abandoned = 0 }, [], 0);
        Assert.Equal(2 * System.Diagnostics.Stopwatch.Frequency / 10.0, outcome.Throughput()!.Value, 3);
        Assert.Null((outcome with { Width = 3 }).Throughput());
    }

    [Fact]
    public void An_item_that_waits_while_another_worker_runs_many_is_not_forgotten()
    {
        // One lock, and unfair: the first worker runs 10 items of 10 while the second waits for one, then the other way round.
        BenchmarkLog log = new();
        log.Note(new SampledItem(1, 0, 10, ItemStatus.Succeeded, null));
        log.Note(new SampledItem(2, 0, 20, ItemStatus.Succeeded, null));
        for (int i = 0; i < 10; i++)
        {
            log.Note(new SampledItem(1, i == 0 ? 10 : 20 + (i * 10), 30 + (i * 10), ItemStatus.Succeeded, null));
            log.Note(new SampledItem(2, i == 0 ? 20 : 120 + (i * 10), 130 + (i * 10), ItemStatus.Succeeded, null));
        }

        log.Note(new SampledItem(1, 120, 230, ItemStatus.Succeeded, null));
        BenchmarkOutcome outcome = new(2, log, new RunOutcome { End = RunEnd.Completed, Read = 23, Finished = 23, Failed = 0, Interrupted = [], Skipped = 0, Abandoned = 0 }, [], 0);
        Assert.InRange(outcome.Throughput()!.Value / System.Diagnostics.Stopwatch.Frequency, 0.09, 0.11);
    }

    private static BenchmarkLimits Limits(int items) => new() { MaxItems = items, StartTime = _long, Deadline = _long };

    private static ItemSupply Supply(int count)
    {
        ItemSupply supply = new(count);
        foreach (int i in Enumerable.Range(0, count))
        {
            supply.Add(i);
        }

        supply.End();
        return supply;
    }
}
