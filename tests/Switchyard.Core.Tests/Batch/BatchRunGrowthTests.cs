using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunGrowthTests
{
    [Fact]
    public async Task Trivial_items_do_not_open_many_workers()
    {
        ScriptedWorkers workers = new((_, _) => { })
        {
            OpenCost = TimeSpan.FromMilliseconds(50),
            OnOpen = (_, _) => Thread.Sleep(50),
        };
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(50_000), new CollectingSink(), throttle: 32);
        Assert.Equal(50_000, outcome.Finished);
        Assert.InRange(workers.Created.Count, 1, 8);
    }

    [Fact]
    public async Task Items_that_block_open_as_many_as_there_are()
    {
        ConcurrencyMeter meter = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(gate);
        })
        {
            OpenCost = TimeSpan.FromMilliseconds(50),
        };
        Task<RunOutcome> running = Batches.Run(workers, Batches.Numbers(100), new CollectingSink(), throttle: 32);
        meter.WaitForStarted(32);
        gate.Open();
        await running;
        Assert.Equal(32, workers.Opened);
    }

    [Fact]
    public async Task Items_that_turn_slow_after_quick_ones_still_open_all()
    {
        const int Quick = 2_000;
        ConcurrencyMeter meter = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index >= Quick)
            {
                meter.Enter();
                context.WaitFor(gate);
            }
        })
        {
            OpenCost = TimeSpan.FromMilliseconds(50),
        };
        Task<RunOutcome> running = Batches.Run(workers, Batches.Numbers(Quick + 100), new CollectingSink(), throttle: 16);
        meter.WaitForStarted(16);
        gate.Open();
        Assert.Equal(Quick + 100, (await running).Finished);
    }

    [Fact]
    public async Task No_more_workers_than_allowed_are_opened_at_a_time()
    {
        ConcurrencyMeter opening = new();
        ConcurrencyMeter running = new();
        using Gate mayOpen = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            running.Enter();
            context.WaitFor(gate);
        })
        {
            OnOpen = (_, _) =>
            {
                opening.Enter();
                mayOpen.Pass();
                opening.Leave();
            },
        };
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 20, OpenLimit = 3 }, workers, TimeProvider.System);
        Task<RunOutcome> feeding = Batches.Feed(run, Batches.Numbers(20), new CollectingSink());
        opening.WaitForStarted(3);
        Assert.Equal(3, Bounded.UntilStill(() => opening.Started));
        mayOpen.Open();
        running.WaitForStarted(20);
        gate.Open();
        await Bounded.Await(feeding);
        Assert.InRange(opening.Peak, 1, 3);
    }

    [Fact]
    public async Task One_item_opens_one_worker()
    {
        // Often, as the worker that has opened and the feeding thread must meet before the item is taken.
        for (int i = 0; i < 300; i++)
        {
            ScriptedWorkers workers = new((_, _) => { });
            await Batches.Run(workers, [0], new CollectingSink(), throttle: 32);
            Assert.Single(workers.Created);
        }
    }
}
