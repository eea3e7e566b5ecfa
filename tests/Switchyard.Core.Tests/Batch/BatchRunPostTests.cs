using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunPostTests
{
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task One_thread_posts_while_another_writes_all_there_is()
    {
        const int Items = 100_000;
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input));
        using BatchRun run = Create(workers, collects: false);
        Task<RunOutcome> running = Pump(run);
        for (int i = 0; i < Items; i++)
        {
            Assert.True(run.Post(i));
        }

        run.EndInput();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, Items, Items), (outcome.End, outcome.Read, outcome.Finished));
        Assert.Equal(Batches.Numbers(Items), _sink.Output);
        Assert.False(run.Post("late"));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Posting_waits_for_nothing()
    {
        const int Items = 20_000;
        using Gate gate = new();
        ScriptedWorkers workers = new((_, context) => context.WaitFor(gate));
        using BatchRun run = Create(workers, collects: false, keepOrder: false);
        for (int i = 0; i < Items; i++)
        {
            Assert.True(run.Post(i));
        }

        gate.Open();
        run.EndInput();
        Assert.Equal(Items, (await Bounded.Await(Pump(run))).Finished);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_is_canceled_while_items_are_posted_counts_each_of_them(bool collects)
    {
        Random random = new(42);
        for (int round = 0; round < 30; round++)
        {
            int cancelAt = random.Next(0, 500);
            int ran = 0;
            CollectingSink sink = new();
            ScriptedWorkers workers = new((item, context) =>
            {
                Interlocked.Increment(ref ran);
                context.Write(item.Input);
            });
            using BatchRun run = Create(workers, collects);
            Task<RunOutcome> running = Pump(run, sink);
            Task<int> posting = Bounded.Run(() =>
            {
                int posted = 0;
                while (run.Post(posted))
                {
                    posted++;
                }

                return posted;
            });
            SpinWait.SpinUntil(() => Volatile.Read(ref ran) >= cancelAt, Bounded.Limit);
            run.Cancel();
            RunOutcome outcome = await Bounded.Await(running);
            Assert.Equal((RunEnd.Canceled, await Bounded.Await(posting)), (outcome.End, outcome.Read));
            Batches.AssertAddsUp(outcome);
            if (collects)
            {
                Batches.AssertAccounts(outcome, sink.Results, keepOrder: true);
            }
        }
    }

    private Task<RunOutcome> Pump(BatchRun run) => Pump(run, _sink);

    private static Task<RunOutcome> Pump(BatchRun run, CollectingSink sink) => Bounded.Run(() =>
    {
        run.Pump(sink);
        RunOutcome outcome = run.Close();
        run.WriteRest(sink);
        return outcome;
    });

    private static BatchRun Create(ScriptedWorkers workers, bool collects, bool keepOrder = true) => new(
        new BatchOptions { ThrottleLimit = 2, IsUnbounded = true, KeepOrder = keepOrder, CollectResults = collects },
        workers,
        TimeProvider.System);
}
