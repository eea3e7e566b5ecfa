using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunTimeoutTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task A_deadline_names_what_ran_and_skips_the_rest()
    {
        ConcurrencyMeter meter = new();
        using Gate allAdded = new();
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Telling(["a", "b", "c", "d", "e"], allAdded), new CollectingSink());
        allAdded.Pass();
        meter.WaitForStarted(2);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(run.IsEnded);
        _clock.Advance(TimeSpan.FromSeconds(1));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(RunEnd.TimedOut, outcome.End);
        Assert.Equal(["a", "b"], outcome.Interrupted.Select(item => item.Input));
        Assert.Equal((5, 0, 3), (outcome.Read, outcome.Finished, outcome.Skipped));
        Assert.Equal(2, meter.Started);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task An_item_that_only_an_interrupt_ends_is_named_too()
    {
        ConcurrencyMeter meter = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            meter.Enter();
            Thread.Sleep(Timeout.Infinite);
        })
        {
            Fault = _ => WorkerFault.DeafToStop,
        };
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, ["a", "b"], new CollectingSink());
        meter.WaitForStarted(1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal("a", Assert.Single(outcome.Interrupted).Input);
        Assert.Equal((0, 0), (outcome.Finished, outcome.Abandoned));
        Batches.AssertAddsUp(outcome);
    }

    [Fact]
    public async Task A_run_that_is_done_in_time_does_not_time_out()
    {
        ScriptedWorkers workers = new((_, _) => { });
        using BatchRun run = Create(workers, throttle: 1);
        RunOutcome outcome = await Bounded.Await(Batches.Feed(run, [1], new CollectingSink()));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.False(run.IsEnded);
    }

    [Fact]
    public void A_deadline_holds_though_nothing_was_fed_yet()
    {
        using BatchRun run = Create(new ScriptedWorkers((_, _) => { }), throttle: 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(run.Add(1, new CollectingSink()));
        Assert.Equal((RunEnd.TimedOut, 0), (run.Close().End, run.Close().Read));
    }

    private BatchRun Create(ScriptedWorkers workers, int throttle) =>
        new(new BatchOptions { ThrottleLimit = throttle, Timeout = TimeSpan.FromSeconds(10) }, workers, _clock);
}
