using Switchyard.Core.Batch;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class BatchRunFailingAsItEndsTests
{
    [Fact]
    public async Task Items_that_fail_while_the_run_is_being_ended_are_all_accounted_for()
    {
        for (int trial = 0; trial < 500; trial++)
        {
            ScriptedWorkers workers = new((_, _) => throw new InvalidOperationException("Always."));
            using BatchRun run = Batches.Create(workers, throttle: 3);
            Task<RunOutcome> running = Batches.Feed(run, Batches.Endless(new()), new CollectingSink());
            Bounded.Until(() => run.Progress.Done > 0, "items fail");

            // At any time in a row of items.
            Thread.SpinWait(trial * 20);
            run.Cancel();
            Batches.AssertAddsUp(await Bounded.Await(running));
        }
    }
}
