using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunThrottleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65)]
    [InlineData(500)]
    public async Task Exactly_as_many_items_run_as_the_throttle_allows(int throttle)
    {
        int count = throttle * 2;
        ConcurrencyMeter meter = new();
        using Semaphore turns = new(0, count);
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(turns);
            meter.Leave();
        });
        using BatchRun run = Batches.Create(workers, throttle);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(count), new CollectingSink());

        meter.WaitForStarted(throttle);
        for (int next = throttle + 1; next <= count; next++)
        {
            // One out, one in: a worker too many would have been seen running in any of these steps.
            turns.Release();
            meter.WaitForStarted(next);
        }

        turns.Release(throttle);
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(throttle, meter.Peak);
        Assert.Equal(throttle, workers.Created.Count);
        Assert.Equal(count, outcome.Finished);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Two_runs_do_not_share_a_throttle()
    {
        ConcurrencyMeter meter = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(gate);
        });
        Task<RunOutcome> first = Batches.Run(workers, Batches.Numbers(3), new CollectingSink(), throttle: 3);
        Task<RunOutcome> second = Batches.Run(workers, Batches.Numbers(3), new CollectingSink(), throttle: 3);
        meter.WaitForStarted(6);
        gate.Open();
        Assert.Equal(3, (await first).Finished);
        Assert.Equal(3, (await second).Finished);
    }

    [Fact]
    public async Task A_run_inside_an_item_does_not_deadlock()
    {
        ScriptedWorkers inner = new((item, context) => context.Write(item.Input));
        ScriptedWorkers outer = new((_, context) =>
        {
            using BatchRun nested = Batches.Create(inner, throttle: 2);
            CollectingSink sink = new();
            for (int i = 0; i < 100; i++)
            {
                nested.Add(i, sink);
            }

            nested.Complete(sink);
            nested.Close();
            context.Write(sink.Count);
        });
        CollectingSink sink = new();
        await Batches.Run(outer, Batches.Numbers(20), sink, throttle: 2);
        Assert.Equal(Enumerable.Repeat<object?>(100, 20), sink.Output);
    }
}
