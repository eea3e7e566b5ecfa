using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch;

/// <remarks>With a clock that stands still the controller says nothing, and the test sets the limit in its place.</remarks>
public sealed class BatchRunAdjustTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task No_more_items_start_than_the_limit_in_force_allows()
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Create(workers, ceiling: 8);
        Throttle throttle = run.State.Tuner!.Throttle;
        throttle.Limit = 4;
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(30), _sink);
        _meter.WaitForStarted(4);
        Assert.Equal(4, Bounded.UntilStill(() => _meter.Started));

        // Two must leave before one that leaves makes room.
        throttle.Limit = 2;
        turns.Release(2);
        Bounded.Until(() => throttle.Waiting == 2, "two have left and wait");
        Assert.Equal(4, Bounded.UntilStill(() => _meter.Started));
        turns.Release();
        _meter.WaitForStarted(5);
        Assert.Equal(5, Bounded.UntilStill(() => _meter.Started));

        // The controller would have looked whether more workers are needed now. Here the end of an item makes the run do so.
        throttle.Limit = 8;
        turns.Release();
        _meter.WaitForStarted(12);
        Assert.Equal(12, Bounded.UntilStill(() => _meter.Started));
        Assert.Equal(8, workers.Created.Count);
        turns.Release(26);
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 30, 8), (outcome.End, outcome.Finished, _meter.Peak));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Workers_that_are_held_back_do_not_hold_up_a_cancel()
    {
        using Gate allAdded = new();
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Create(workers, ceiling: 4);
        Throttle throttle = run.State.Tuner!.Throttle;
        throttle.Limit = 4;
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(20).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(4);
        throttle.Limit = 1;
        turns.Release(3);
        Bounded.Until(() => throttle.Waiting == 3, "three wait");
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((3, 1, 16, 0), (outcome.Finished, outcome.Interrupted.Count, outcome.Skipped, outcome.Abandoned));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: true);
        Assert.Equal(0, throttle.Running);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_that_is_left_behind_gives_its_place_back()
    {
        using Gate deafUntil = new();
        bool hasReturned = false;
        ScriptedWorkers workers = new((item, _) =>
        {
            _meter.Enter();
            if (item.Index == 0)
            {
                try
                {
                    ItemContext.ClingTo(deafUntil);
                }
                finally
                {
                    Volatile.Write(ref hasReturned, true);
                }
            }
        });
        using BatchRun run = Create(workers, ceiling: 1, itemTimeout: TimeSpan.FromSeconds(1));
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        _meter.WaitForStarted(1);

        // Asked, interrupted, abandoned.
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.False(Volatile.Read(ref hasReturned), "It gave its place back only when it returned.");
        Assert.Equal((RunEnd.Completed, 3, 1), (outcome.End, outcome.Finished, outcome.Abandoned));
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
        Assert.Equal(0, run.State.Tuner!.Throttle.Running);
    }

    // Trivial items are taken many at a time: a worker that is held back has the next in its hands, which others must fetch.
    [Fact]
    public async Task Order_is_kept_and_nothing_waits_for_ever_while_the_limit_goes_up_and_down()
    {
        const int Items = 30_000;
        ScriptedWorkers workers = new((item, context) =>
        {
            for (int i = 0; i < 4; i++)
            {
                context.Write(((int)item.Input! * 4) + i);
            }
        });
        using BatchRun run = Create(workers, ceiling: 4, collects: false);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(Items), _sink);
        Random random = new(42);
        while (!running.IsCompleted)
        {
            run.State.Tuner!.Throttle.Limit = random.Next(1, 5);
            Thread.SpinWait(random.Next(20_000));
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, Items), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(Items * 4), _sink.Output);
        Assert.Equal(0, run.State.Tuner!.Throttle.Running);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_run_that_adjusts_itself_completes_within_its_ceiling()
    {
        ScriptedWorkers workers = new((_, _) =>
        {
            _meter.Enter();
            using Gate never = new();
            never.Handle.WaitOne(2);
            _meter.Leave();
        });
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 6, AdjustThrottle = true, CollectResults = true }, workers, TimeProvider.System);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(400), _sink));
        Assert.Equal((RunEnd.Completed, 400), (outcome.End, outcome.Finished));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
        Assert.InRange(_meter.Peak, 1, 6);
        Assert.Equal(0, run.State.Tuner!.Throttle.Running);
    }

    private ScriptedWorkers TakingTurns(Semaphore turns) => new((_, context) =>
    {
        _meter.Enter();
        context.WaitFor(turns);
        _meter.Leave();
    });

    private BatchRun Create(ScriptedWorkers workers, int ceiling, bool collects = true, TimeSpan? itemTimeout = null) => new(
        new BatchOptions
        {
            ThrottleLimit = ceiling,
            AdjustThrottle = true,
            KeepOrder = true,
            CollectResults = collects,
            ItemTimeout = itemTimeout,
        },
        workers,
        _clock);
}
