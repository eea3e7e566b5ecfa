using Switchyard.Core.Batch;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class BatchRunStressTests
{
    // The first worker may take the only item at the very moment when the run looks whether it is done.
    [Fact]
    public async Task Short_runs_never_end_without_their_last_item()
    {
        for (int i = 0; i < 300; i++)
        {
            CollectingSink sink = new();
            ScriptedWorkers workers = new((item, context) =>
            {
                Thread.Sleep(i % 4);
                context.Write(item.Input);
            });
            RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(1 + (i % 3)), sink, throttle: 2, keepOrder: i % 2 == 0);
            Assert.Equal((RunEnd.Completed, 1 + (i % 3), 0), (outcome.End, outcome.Finished, outcome.Skipped));
            Assert.Equal(1 + (i % 3), sink.Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_account_adds_up_at_whatever_moment_a_run_is_canceled(bool keepOrder)
    {
        Random random = new(42);
        for (int i = 0; i < 300; i++)
        {
            int stopAt = random.Next(0, 3_000);
            int started = 0;
            ScriptedWorkers workers = new((item, context) =>
            {
                Interlocked.Increment(ref started);
                context.Write(item.Input);
            })
            {
                // All stop when asked; but on a busy machine one may get no processor for longer than the stop steps wait.
                StopGracePeriod = TimeSpan.FromSeconds(30),
            };
            using BatchRun run = Batches.Create(workers, throttle: 4, keepOrder);
            Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(3_000), new CollectingSink());
            SpinWait.SpinUntil(() => Volatile.Read(ref started) >= stopAt || running.IsCompleted);
            run.Cancel();
            RunOutcome outcome = await Bounded.Await(running);
            Batches.AssertAddsUp(outcome);
            Assert.Equal(started, outcome.Finished + outcome.Interrupted.Count);
            Assert.Equal(0, outcome.Abandoned);
            workers.WaitUntilAllAreGone();
        }
    }

    [Fact]
    public async Task Items_and_order_survive_many_workers_with_small_buffers()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            for (int i = 0; i < 40; i++)
            {
                context.Write(((int)item.Input! * 40) + i);
            }
        });
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(5_000), sink, throttle: 64, keepOrder: true);
        Assert.Equal(5_000, outcome.Finished);
        Assert.Equal(Batches.Numbers(200_000), sink.Output);
    }
}
