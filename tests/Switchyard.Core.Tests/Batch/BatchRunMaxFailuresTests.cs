using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunMaxFailuresTests
{
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_too_many_failures_nothing_new_starts_and_what_runs_may_finish(bool collects)
    {
        using Gate allAdded = new();
        using Gate mayFail = new();
        using Gate mayEnd = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index < 2)
            {
                context.WaitFor(mayFail);
                throw new InvalidOperationException("One too many.");
            }

            context.WaitFor(mayEnd);
            context.Write(item.Input);
        });
        using BatchRun run = Create(workers, throttle: 3, maxFailures: 2, collects);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(12).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(3);
        mayFail.Open();
        Bounded.Until(() => run.HasTooManyFailures, "two have failed");
        int started = (int)Bounded.UntilStill(() => _meter.Started);
        Assert.InRange(started, 3, 4);
        Assert.False(running.IsCompleted);
        mayEnd.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.TooManyFailures, 2), (outcome.End, outcome.Failed));
        Assert.Equal((started, 12 - started, 0), (outcome.Finished, outcome.Skipped, outcome.Interrupted.Count));
        Assert.All(workers.Created, worker => Assert.Equal(0, worker.Stops));
        workers.WaitUntilAllAreGone();
        if (collects)
        {
            Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
            Assert.Equal([2], _sink.Results.Single(result => result.Index == 2).Output);
        }
        else
        {
            Assert.Contains(2, _sink.Output);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_is_refused_after_too_many_failures_also_while_it_waits_for_room(bool collects)
    {
        using Gate mayFail = new();
        int read = 0;
        ScriptedWorkers workers = new((_, context) =>
        {
            _meter.Enter();
            context.WaitFor(mayFail);
            throw new InvalidOperationException("Failed.");
        });
        using BatchRun run = Create(workers, throttle: 1, maxFailures: 1, collects);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(100_000).Select(item => { read++; return item; }), _sink);
        _meter.WaitForStarted(1);
        Bounded.UntilStill(() => Volatile.Read(ref read));
        mayFail.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.TooManyFailures, 1, 1, read - 1), (outcome.End, outcome.Finished, outcome.Failed, outcome.Read));
        Assert.Equal(outcome.Read - 1, outcome.Skipped);
        ItemResult refused = run.Skip("the one too many");
        Assert.Equal((outcome.Read, ItemStatus.Skipped), (refused.Index, refused.Status));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_item_may_be_the_one_too_many(bool collects)
    {
        // The one before it may be with the other worker, and would be skipped if it had not been started.
        using Gate haveStarted = new();
        int started = 0;
        ScriptedWorkers workers = new((item, _) =>
        {
            if (Interlocked.Increment(ref started) == 10)
            {
                haveStarted.Open();
            }

            if (item.Index == 9)
            {
                haveStarted.Pass();
                throw new InvalidOperationException("Failed.");
            }
        });
        using BatchRun run = Create(workers, throttle: 2, maxFailures: 1, collects);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(10), _sink));
        Assert.Equal((RunEnd.TooManyFailures, 10, 1, 0), (outcome.End, outcome.Finished, outcome.Failed, outcome.Skipped));
        Assert.True(run.IsEnded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_failure_less_than_too_many_changes_nothing(bool collects)
    {
        ScriptedWorkers workers = FailFrom(8);
        using BatchRun run = Create(workers, throttle: 2, maxFailures: 3, collects);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(10), _sink));
        Assert.Equal((RunEnd.Completed, 10, 2, 0), (outcome.End, outcome.Finished, outcome.Failed, outcome.Skipped));
        Assert.False(run.HasTooManyFailures);
    }

    private static ScriptedWorkers FailFrom(long index) => new((item, _) =>
    {
        if (item.Index >= index)
        {
            throw new InvalidOperationException("Failed.");
        }
    });

    private static BatchRun Create(ScriptedWorkers workers, int throttle, int maxFailures, bool collects) => new(
        new BatchOptions { ThrottleLimit = throttle, MaxFailures = maxFailures, CollectResults = collects }, workers, TimeProvider.System);
}
