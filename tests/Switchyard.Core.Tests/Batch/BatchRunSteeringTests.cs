using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <summary>What can be asked of a run from elsewhere, while it goes on.</summary>
public sealed class BatchRunSteeringTests
{
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_throttle_of_a_run_is_changed_while_it_runs(bool isAdjusted)
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = isAdjusted ? 50 : 2, InitialThrottle = isAdjusted ? 2 : null, AdjustThrottle = isAdjusted, OpenLimit = 1 }, workers, TimeProvider.System);
        run.SetThrottle(2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(40), _sink);
        _meter.WaitForStarted(2);
        Assert.Equal(2, Bounded.UntilStill(() => _meter.Started));

        run.SetThrottle(6);
        _meter.WaitForStarted(6);
        Assert.Equal(6, Bounded.UntilStill(() => _meter.Started));
        Assert.Equal((6, false), (run.View.ThrottleLimit, run.View.IsAdjusted));

        run.SetThrottle(1);
        turns.Release(5);
        Bounded.Until(() => run.State.Throttle.Running == 1, "five have left");
        Assert.Equal(6, Bounded.UntilStill(() => _meter.Started));
        turns.Release(35);
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 40, 6), (outcome.End, outcome.Finished, _meter.Peak));
        workers.WaitUntilAllAreGone();
        Assert.Equal(0, run.State.Throttle.Running);
    }

    [Fact]
    public async Task A_suspended_run_lets_items_end_and_starts_none_until_it_is_resumed()
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, [.. Batches.Numbers(4)], _sink);
        _meter.WaitForStarted(2);
        run.Suspend();
        Assert.True(run.View.IsSuspended);
        turns.Release(2);
        Bounded.Until(() => run.State.Throttle.Running == 0, "both have left");
        Assert.Equal(2, Bounded.UntilStill(() => _meter.Started));
        Assert.False(running.IsCompleted);
        turns.Release(2);
        run.Resume();
        Assert.Equal(4, (await Bounded.Await(running)).Finished);
        workers.WaitUntilAllAreGone();
    }

    // It waits for input inside the throttle, and has passed it when the item comes.
    [Fact]
    public async Task A_worker_that_waits_for_input_starts_nothing_that_comes_while_the_run_is_suspended()
    {
        using Semaphore turns = new(100, 100);
        using Gate more = new();
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Batches.Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, Pausing(more), _sink);
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1 && _meter.Started == 2, "it waits for input");
        run.Suspend();
        more.Open();
        Bounded.Until(() => run.State.Throttle.Waiting == 1, "it waits for a place");
        Assert.Equal(2, Bounded.UntilStill(() => _meter.Started));
        run.Resume();
        Assert.Equal((RunEnd.Completed, 6L), (await Bounded.Await(running) is var outcome ? outcome.End : default, outcome.Finished));
        workers.WaitUntilAllAreGone();

        static IEnumerable<object?> Pausing(Gate more)
        {
            yield return 0;
            yield return 1;
            more.Pass();
            for (int i = 2; i < 6; i++)
            {
                yield return i;
            }
        }
    }

    [Fact]
    public async Task A_suspended_run_ends_when_nothing_is_left_to_start()
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(2), _sink);
        _meter.WaitForStarted(2);
        run.Suspend();
        turns.Release(2);
        Assert.Equal(2, (await Bounded.Await(running)).Finished);
        workers.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_suspended_run_can_be_stopped(bool fromElsewhere)
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = TakingTurns(turns);
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(9), _sink);
        _meter.WaitForStarted(2);
        run.Suspend();
        turns.Release(2);
        Bounded.Until(() => run.State.Throttle.Waiting == 2 && run.Progress.Read == 9, "both wait, and all was read");
        int closed = 0;
        run.Closed += () => closed++;
        if (fromElsewhere)
        {
            run.Stop();
        }
        else
        {
            run.Cancel();
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((fromElsewhere ? RunEnd.Stopped : RunEnd.Canceled, 2, 7, 0, 1), (outcome.End, outcome.Finished, outcome.Skipped, outcome.Abandoned, closed));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task One_item_is_stopped_and_the_others_go_on()
    {
        using Gate gate = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            context.WaitFor(gate);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, CollectResults = true }, workers, TimeProvider.System);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(4), _sink);
        _meter.WaitForStarted(2);
        Assert.False(run.StopItem(3));
        Assert.True(run.StopItem(1));
        _meter.WaitForStarted(3);
        gate.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 4, 1, 0), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        ItemResult stopped = Assert.Single(_sink.Results, result => result.Status == ItemStatus.Canceled);
        Assert.Equal((1, true), (stopped.Index, stopped.IsStopped));
        Assert.Equal(1, Assert.Single(run.View.Failed).Index);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Without_accounts_no_item_can_be_stopped_by_itself()
    {
        using Semaphore turns = new(0, 100);
        using BatchRun run = Batches.Create(TakingTurns(turns), throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(1), _sink);
        _meter.WaitForStarted(1);
        Assert.Null(run.StopItem(0));
        turns.Release();
        Assert.Equal(0, (await Bounded.Await(running)).Failed);
    }

    [Fact]
    public async Task It_is_told_what_each_worker_is_on_and_what_has_failed()
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            context.WaitFor(turns);
            if (item.Index == 0)
            {
                throw new InvalidOperationException("It is bad.");
            }
        });
        using BatchRun run = Batches.Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.Feed(run, ["a", "b"], _sink);
        _meter.WaitForStarted(1);
        turns.Release();
        _meter.WaitForStarted(2);
        WorkerView worker = Assert.Single(run.View.Workers);
        Assert.Equal((1L, "b", false), (worker.Item?.Index, worker.Item?.Input, worker.IsOpening));
        Assert.True(worker.Elapsed >= TimeSpan.Zero);
        EndedItem failed = Assert.Single(run.View.Failed);
        Assert.Equal((0L, "a", ItemStatus.Failed), (failed.Index, failed.Input, failed.Status));
        Assert.Equal("It is bad.", Assert.IsType<InvalidOperationException>(failed.Error).Message);
        Assert.Equal(0, Assert.Single(run.View.Slowest).Index);
        turns.Release();
        await Bounded.Await(running);
        workers.WaitUntilAllAreGone();
    }

    private ScriptedWorkers TakingTurns(Semaphore turns) => new((_, context) =>
    {
        _meter.Enter();
        context.WaitFor(turns);
        _meter.Leave();
    });
}
