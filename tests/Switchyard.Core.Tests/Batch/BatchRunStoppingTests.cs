using System.Runtime.CompilerServices;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunStoppingTests
{
    // The stopper gives up after a second and a half; the rest is for a busy machine.
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Cancel_ends_an_add_that_waits_for_room()
    {
        ConcurrencyMeter meter = new();
        using Gate never = new();
        ScriptedWorkers workers = Blocking(meter, never);
        using BatchRun run = Batches.Create(workers, throttle: 1);
        StrongBox<int> read = new();
        Task<RunOutcome> running = Batches.Feed(run, Batches.Endless(read), new CollectingSink());
        meter.WaitForStarted(1);
        Bounded.UntilStill(() => Volatile.Read(ref read.Value));
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 1), (outcome.End, outcome.Interrupted.Count));
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Cancel_ends_a_complete_that_waits_for_items()
    {
        ConcurrencyMeter meter = new();
        using Gate allAdded = new();
        using Gate never = new();
        ScriptedWorkers workers = Blocking(meter, never);
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(5).Telling(allAdded), new CollectingSink());
        allAdded.Pass();
        meter.WaitForStarted(2);
        run.Cancel();
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 5, 0, 3), (outcome.End, outcome.Read, outcome.Finished, outcome.Skipped));
        Assert.Equal([0L, 1], outcome.Interrupted.Select(item => item.Index));
        Assert.All(workers.Created, worker => Assert.Equal(1, worker.Stops));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Cancel_ends_a_complete_that_waits_for_the_first_worker()
    {
        using Gate allAdded = new();
        ScriptedWorkers workers = new((_, _) => { }) { Fault = _ => WorkerFault.HangInOpen };
        using BatchRun run = Batches.Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(5).Telling(allAdded), new CollectingSink());
        allAdded.Pass();
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((0, 0), (outcome.Finished, outcome.Abandoned));
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task An_item_that_gives_way_is_neither_finished_nor_failed()
    {
        ConcurrencyMeter meter = new();
        using Gate never = new();
        ScriptedWorkers workers = Blocking(meter, never);
        using BatchRun run = Batches.Create(workers, throttle: 3);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(3), new CollectingSink());
        meter.WaitForStarted(3);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((0, 0, 3), (outcome.Finished, outcome.Failed, outcome.Interrupted.Count));
    }

    [Fact]
    public async Task An_item_that_ends_well_though_stopped_is_finished_and_not_interrupted()
    {
        ConcurrencyMeter meter = new();
        using Gate allAdded = new();
        using Gate canceled = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            meter.Enter();
            ItemContext.ClingTo(canceled);
        });
        using BatchRun run = Batches.Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(2).Telling(allAdded), new CollectingSink());
        allAdded.Pass();
        meter.WaitForStarted(1);
        run.Cancel();
        canceled.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((2, 1, 1), (outcome.Read, outcome.Finished, outcome.Skipped));
        Assert.Empty(outcome.Interrupted);
    }

    [Fact]
    public async Task A_worker_deaf_to_stop_is_interrupted()
    {
        ConcurrencyMeter meter = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            meter.Enter();
            Thread.Sleep(Timeout.Infinite);
        })
        {
            Fault = number => number == 1 ? WorkerFault.DeafToStop : WorkerFault.ThrowOnStop,
        };
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(2), new CollectingSink());
        meter.WaitForStarted(2);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(0, outcome.Abandoned);
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_deaf_to_everything_is_abandoned_counted_and_ends_by_itself()
    {
        ConcurrencyMeter meter = new();
        using Gate allAdded = new();
        using Gate atLast = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            meter.Enter();
            if (item.Index == 0)
            {
                ItemContext.ClingTo(atLast);
            }
            else
            {
                context.WaitFor(atLast);
            }
        });
        using BatchRun run = Batches.Create(workers, throttle: 3);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(10).Telling(allAdded), new CollectingSink());
        allAdded.Pass();
        meter.WaitForStarted(3);
        run.Cancel();
        long start = TimeProvider.System.GetTimestamp();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, _stopLimit);
        Assert.Equal((1, 0, 7), (outcome.Abandoned, outcome.Finished, outcome.Skipped));
        Assert.Equal([0L, 1, 2], outcome.Interrupted.Select(item => item.Index));
        workers.Created.First().Abandoned.Pass();

        atLast.Open();
        workers.WaitUntilAllAreGone();
        Assert.Equal(3, meter.Started);
    }

    [Fact]
    public async Task A_crowd_of_deaf_workers_is_abandoned_in_the_same_time()
    {
        ConcurrencyMeter meter = new();
        using Gate atLast = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            meter.Enter();
            ItemContext.ClingTo(atLast);
        });
        using BatchRun run = Batches.Create(workers, throttle: 50);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(50), new CollectingSink());
        meter.WaitForStarted(50);
        run.Cancel();
        long start = TimeProvider.System.GetTimestamp();
        RunOutcome outcome = await Bounded.Await(running);

        // One after another would take 25 seconds.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal((50, 50), (outcome.Abandoned, outcome.Interrupted.Count));
        atLast.Open();
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_that_cannot_start_dooms_the_run_with_its_own_exception()
    {
        ScriptedWorkers workers = new((_, _) => { }) { Fault = _ => WorkerFault.ThrowOnOpen };
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(10_000), new CollectingSink(), throttle: 8);
        Assert.Equal(RunEnd.Failed, outcome.End);
        Assert.Matches("^Worker [1-8] cannot start.$", outcome.Failure?.Message);
        Assert.Equal(0, outcome.Finished);
        Assert.InRange(workers.Created.Count, 1, 8);
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_that_cannot_start_later_ends_the_run_and_names_no_other_fault()
    {
        ConcurrencyMeter meter = new();
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(never);
        })
        {
            Fault = number => number == 2 ? WorkerFault.ThrowOnOpen : WorkerFault.None,
        };
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(10), new CollectingSink(), throttle: 2);
        Assert.Equal("Worker 2 cannot start.", outcome.Failure?.Message);
        Assert.Equal(RunEnd.Failed, outcome.End);
        Batches.AssertAddsUp(outcome);
    }

    [Fact]
    public async Task A_worker_that_breaks_on_an_item_ends_the_run_and_the_item_counts_as_interrupted()
    {
        ScriptedWorkers workers = new((_, _) => { }) { Fault = _ => WorkerFault.ThrowInRun };
        RunOutcome outcome = await Batches.Run(workers, ["a", "b"], new CollectingSink(), throttle: 1);
        Assert.Equal((RunEnd.Failed, "Worker 1 broke."), (outcome.End, outcome.Failure?.Message));
        Assert.Equal("a", Assert.Single(outcome.Interrupted).Input);
        Batches.AssertAddsUp(outcome);
    }

    [Fact]
    public async Task A_worker_that_hangs_in_open_holds_up_no_item_and_is_interrupted_at_the_end()
    {
        ScriptedWorkers workers = new((_, _) => { }) { Fault = number => number == 1 ? WorkerFault.HangInOpen : WorkerFault.None };
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, OpenLimit = 2 }, workers, TimeProvider.System);
        RunOutcome outcome = await Bounded.Await(Batches.Feed(run, Batches.Numbers(1_000), new CollectingSink()));
        Assert.Equal((RunEnd.Completed, 1_000, 0), (outcome.End, outcome.Finished, outcome.Abandoned));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_that_cannot_be_disposed_of_does_no_harm()
    {
        ScriptedWorkers workers = new((_, _) => { }) { Fault = _ => WorkerFault.ThrowOnDispose };
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(100), new CollectingSink(), throttle: 2);
        Assert.Equal((RunEnd.Completed, 100), (outcome.End, outcome.Finished));
        workers.WaitUntilAllAreGone();
    }

    private static ScriptedWorkers Blocking(ConcurrencyMeter meter, Gate gate) => new((_, context) =>
    {
        meter.Enter();
        context.WaitFor(gate);
    });
}
