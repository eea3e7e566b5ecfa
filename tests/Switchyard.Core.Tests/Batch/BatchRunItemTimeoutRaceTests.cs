using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch;

public sealed class BatchRunItemTimeoutRaceTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly HookedClock _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_deadline_that_comes_as_the_item_ends_neither_loses_it_nor_hits_the_next()
    {
        const int Items = 400;
        int mayEnd = -1;
        Random random = new(42);
        int[] spins = [.. Enumerable.Range(0, Items).Select(_ => random.Next(3_000))];
        using Gate never = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            int index = (int)item.Index;
            SpinWait.SpinUntil(() => Volatile.Read(ref mayEnd) >= index, Bounded.Limit);
            if (index % 2 == 1)
            {
                // Would be ended too early by a stop that was meant for the item before.
                context.WaitFor(never);
            }

            Thread.SpinWait(spins[index]);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(Items), _sink);
        for (int i = 0; i < Items; i++)
        {
            _meter.WaitForStarted(i + 1);
            Volatile.Write(ref mayEnd, i);
            Thread.SpinWait(spins[Items - 1 - i]);
            _clock.Advance(_limit + _step);
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, Items, 0), (outcome.End, outcome.Finished, outcome.Abandoned));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: true);
        Assert.All(_sink.Results.Where(result => result.Index % 2 == 1), result => Assert.Equal(ItemStatus.TimedOut, result.Status));
        Assert.Single(workers.Created);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_wakes_up_as_it_is_left_behind_takes_nothing_with_it(bool retries)
    {
        const int Items = 100;
        int mayEnd = 0;
        Random random = new(42);
        int[] spins = [.. Enumerable.Range(0, Items + 1).Select(_ => random.Next(3_000))];
        ScriptedWorkers workers = new((item, _) =>
        {
            int index = (int)item.Index;
            _meter.Enter();
            while (Volatile.Read(ref mayEnd) <= index)
            {
                // Busy, so that neither a stop nor an interrupt is heard.
            }

            Thread.SpinWait(spins[index]);
        });
        using BatchRun run = Create(workers, new BatchOptions
        {
            ThrottleLimit = 1,
            CollectResults = true,
            Retry = retries ? new RetryPolicy(0, TimeSpan.Zero) : null,
        });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(Items), _sink);
        for (int i = 1; i <= Items; i++)
        {
            _meter.WaitForStarted(i);
            _clock.Advance(_limit + _step);
            _clock.Advance(_step);
            Volatile.Write(ref mayEnd, i);
            Thread.SpinWait(spins[Items - i]);
            _clock.Advance(_step);
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, Items), (outcome.End, outcome.Finished));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: true);
        Assert.All(_sink.Results, result => Assert.Equal(ItemStatus.TimedOut, result.Status));
        workers.WaitUntilAllAreGone();
    }

    // A worker counts as abandoned before its item is handed on: a run that looks just then must not think itself done.
    [Fact]
    public async Task A_run_does_not_complete_while_the_last_item_is_being_taken_from_its_worker()
    {
        using Gate deafUntil = new();
        using Gate otherMayEnd = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 0)
            {
                ItemContext.ClingTo(deafUntil);
            }
            else
            {
                ItemContext.ClingTo(otherMayEnd);
            }
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, CollectResults = true, MaxFailures = 1 });
        Task<(RunOutcome Outcome, int Results)> running = Bounded.Run(() =>
        {
            Assert.True(run.Add(0, _sink));
            _meter.WaitForStarted(1);
            _clock.Advance(_limit - _step);
            Assert.True(run.Add(1, _sink));
            run.Complete(_sink);
            int results = _sink.Results.Count;
            return (run.Close(), results);
        });
        _meter.WaitForStarted(2);
        _clock.Advance(_step + _step);
        _clock.Advance(_step);
        ScriptedWorker first = workers.Created.First();
        Thread advancing = Thread.CurrentThread;
        int looks = 0;
        _clock.OnTimestamp = () =>
        {
            // The first look at the clock decides to leave the worker behind, the second is for the item's result.
            if (Thread.CurrentThread == advancing && ++looks == 2)
            {
                first.Abandoned.Pass();
                otherMayEnd.Open();
                _sink.WaitForResults(1);
                Bounded.UntilStill(() => workers.Created.Count(worker => worker.Disposed.IsOpen));
            }
        };
        _clock.Advance(_step);
        (RunOutcome outcome, int results) = await Bounded.Await(running);
        Assert.Equal((2, RunEnd.TooManyFailures), (results, outcome.End));
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_deadline_that_passed_before_the_run_was_canceled_is_what_ended_the_item()
    {
        using Gate allAdded = new();
        using Gate deafUntil = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            _meter.Enter();
            ItemContext.ClingTo(deafUntil);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(2).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(1);
        _clock.Advance(_limit + _step);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 1, 1), (outcome.End, outcome.Interrupted.Count, outcome.Abandoned));
        Assert.Equal([ItemStatus.TimedOut, ItemStatus.Skipped], _sink.Results.Select(result => result.Status));

        // No timer follows the clock any more.
        _clock.Advance(_limit + _limit);
        Assert.Single(workers.Created);
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_deadline_that_comes_while_a_canceled_run_is_closing_changes_nothing()
    {
        using Gate allAdded = new();
        using Gate deafUntil = new();
        ScriptedWorkers workers = new((_, _) =>
        {
            _meter.Enter();
            ItemContext.ClingTo(deafUntil);
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, CollectResults = true });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(2);
        run.Cancel();

        // The first of these may still find it, the later ones come while the workers are being waited for.
        while (!running.IsCompleted)
        {
            _clock.Advance(_limit);
            Thread.Yield();
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 5, 3), (outcome.End, outcome.Read, outcome.Skipped));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
        Assert.Equal(2, workers.Created.Count);
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }

    private BatchRun Create(ScriptedWorkers workers, BatchOptions options) => new(options with { ItemTimeout = _limit }, workers, _clock);
}
