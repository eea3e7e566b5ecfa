using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunItemTimeoutOrderTests
{
    // Trivial items are taken many at a time. So a worker that is abandoned has the next in order in its hands, while all others
    // wait for a reader that keeps as much as it may.
    [Fact]
    public async Task What_a_worker_that_is_left_behind_had_taken_besides_is_fetched_though_the_others_are_ahead()
    {
        const int Deaf = 6_000;
        const int Items = 12_000;
        TimeSpan limit = TimeSpan.FromSeconds(10);
        FakeTimeProvider clock = new();
        int ahead = 0;
        using Gate deafRuns = new();
        using Gate deafUntil = new();
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == Deaf)
            {
                deafRuns.Open();
                ItemContext.ClingTo(deafUntil);
                return;
            }

            for (int i = 0; item.Index is > Deaf and < Deaf + 2_000 && i < 100; i++)
            {
                context.Write(item.Index);
                Interlocked.Increment(ref ahead);
            }
        });
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 2, KeepOrder = true, ItemTimeout = limit }, workers, clock);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(Items), sink);
        deafRuns.Pass();
        Bounded.UntilStill(() => Volatile.Read(ref ahead));
        for (int step = 0; step < 3; step++)
        {
            clock.Advance(limit + TimeSpan.FromSeconds(1));
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, Items, 1), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(1_999 * 100, sink.Count);
        Assert.Equal(sink.Output.Cast<long>().Order(), sink.Output.Cast<long>());
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }
}
