using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch;

public sealed class BatchRunRetryTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();
    private readonly int[] _attempts = new int[100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_item_that_waits_to_be_tried_again_holds_no_worker_and_its_failed_attempts_leave_no_trace(bool keepOrder)
    {
        ScriptedWorkers workers = Failing(item => item == 0, times: 2);
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, KeepOrder = keepOrder, Retry = Policy(2) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5), _sink);
        _meter.WaitForStarted(5);
        Bounded.Until(() => run.Progress is { Read: 5, Waiting: 1, Running: 0 }, "all were read, and only the retry is left");
        Assert.Equal((4, 0), (run.Progress.Done, run.Progress.Failed));
        _clock.Advance(TimeSpan.FromSeconds(6));
        _meter.WaitForStarted(6);
        Bounded.Until(() => run.Progress is { Waiting: 1, Running: 0 }, "it waits again");
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(6, Bounded.UntilStill(() => _meter.Started));
        _clock.Advance(TimeSpan.FromSeconds(6));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 5, 0), (outcome.End, outcome.Finished, outcome.Failed));
        string[] expected = ["0:3", "1:1", "2:1", "3:1", "4:1"];
        Assert.Equal(keepOrder ? expected : [.. expected[1..], expected[0]], _sink.Output);
        Assert.DoesNotContain(_sink.Records, record => record.Kind == RecordKind.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_attempt_counts_however_it_ends(bool collects)
    {
        ScriptedWorkers workers = Failing(_ => true, times: int.MaxValue);
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, CollectResults = collects, Retry = new RetryPolicy(2, TimeSpan.Zero) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            Thread.Yield();
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 3, 3), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(9, _meter.Started);
        string[] expected = ["0:3", "1:3", "2:3"];
        if (collects)
        {
            Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
            Assert.All(_sink.Results, result => Assert.Equal((3, ItemStatus.Failed, 1), (result.Attempts, result.Status, result.Errors.Count)));
            Assert.Equal(expected, _sink.Results.SelectMany(result => result.Output).Order());
        }
        else
        {
            Assert.Equal(expected, _sink.Output.Order());
            Assert.Equal(3, _sink.Records.Count(record => record.Kind == RecordKind.Error));
        }
    }

    [Fact]
    public async Task An_item_that_a_deadline_ended_is_tried_again_also_by_a_worker_in_the_place_of_its_own()
    {
        using Gate deafUntil = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            int attempt = Interlocked.Increment(ref _attempts[item.Index]);
            context.Write(attempt);
            _meter.Enter();
            if (attempt == 1)
            {
                ItemContext.ClingTo(deafUntil);
                context.Write("late");
            }
        });
        using BatchRun run = Create(
            workers,
            new BatchOptions
            {
                ThrottleLimit = 1,
                CollectResults = true,
                ItemTimeout = TimeSpan.FromSeconds(1),
                Retry = new RetryPolicy(1, TimeSpan.Zero),
            });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, ["a"], _sink);
        _meter.WaitForStarted(1);
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        _clock.Advance(TimeSpan.FromMilliseconds(10));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 1, 0, 1), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        ItemResult result = Assert.Single(_sink.Results);
        Assert.Equal((ItemStatus.Succeeded, 2), (result.Status, result.Attempts));
        Assert.Equal([2], result.Output);
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task A_retry_that_does_not_come_as_the_run_ends_makes_the_failed_attempt_the_last(bool byFailures, bool collects)
    {
        // The first retry is far away, the others are due at once.
        int delays = 0;
        ScriptedWorkers workers = Failing(_ => true, times: int.MaxValue);
        BatchOptions options = new()
        {
            ThrottleLimit = 1,
            KeepOrder = true,
            CollectResults = collects,
            Retry = new RetryPolicy(1, TimeSpan.FromDays(1)),
            MaxFailures = byFailures ? 1 : null,
            Timeout = TimeSpan.FromSeconds(100),
        };
        using BatchRun run = Create(workers, options, () => delays++ == 0 ? 0.9 : 0);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(byFailures ? 2 : 1), _sink);
        _meter.WaitForStarted(byFailures ? 2 : 1);
        Bounded.Until(() => run.Progress.Waiting == (byFailures ? 2 : 1), "retries wait");
        _clock.Advance(TimeSpan.FromSeconds(byFailures ? 1 : 100));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(byFailures ? RunEnd.TooManyFailures : RunEnd.TimedOut, outcome.End);
        Assert.Equal((outcome.Read, outcome.Read, 0), (outcome.Finished, outcome.Failed, outcome.Skipped));
        string[] expected = byFailures ? ["0:1", "1:2"] : ["0:1"];
        if (collects)
        {
            Batches.AssertAccounts(outcome, _sink.Results, keepOrder: true);
            Assert.All(_sink.Results, result => Assert.Equal(ItemStatus.Failed, result.Status));
            Assert.Equal(expected, _sink.Results.SelectMany(result => result.Output));
        }
        else
        {
            Assert.Equal(expected, _sink.Output);
        }
    }

    [Fact]
    public async Task An_item_whose_time_was_up_is_told_of_also_if_its_retry_does_not_come()
    {
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            _meter.Enter();
            context.WaitFor(never);
        });
        BatchOptions options = new()
        {
            ThrottleLimit = 1,
            ItemTimeout = TimeSpan.FromSeconds(1),
            Retry = new RetryPolicy(1, TimeSpan.FromDays(1)),
            Timeout = TimeSpan.FromSeconds(100),
        };
        using BatchRun run = Create(workers, options, () => 0.9);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, ["a"], _sink);
        _meter.WaitForStarted(1);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Bounded.Until(() => run.Progress.Waiting == 1, "the retry waits");
        _clock.Advance(TimeSpan.FromSeconds(100));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.TimedOut, 1, 1), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(ItemStatus.TimedOut, Assert.Single(_sink.Results).Status);
    }

    [Fact]
    public async Task A_server_that_asks_for_a_delay_gets_it_from_all_workers()
    {
        using Gate otherMayEnd = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            int attempt = Interlocked.Increment(ref _attempts[item.Index]);
            _meter.Enter();
            switch (item.Index)
            {
                case 0 when attempt == 1:
                    _meter.WaitForStarted(2);
                    throw new RefusedException(TimeSpan.FromMilliseconds(20));
                case 1:
                    context.WaitFor(otherMayEnd);
                    break;
            }
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, CollectResults = true, Retry = Policy(1) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(10), _sink);
        Bounded.Until(() => run.Progress.Waiting == 1, "the refused item waits");
        otherMayEnd.Open();
        Bounded.Until(() => run.State.Gate!.Waiting == 2, "both workers wait");
        Assert.Equal(2, Bounded.UntilStill(() => _meter.Started));
        _clock.Advance(TimeSpan.FromMilliseconds(22));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 10, 0), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(2, _sink.Results.Single(result => result.Index == 0).Attempts);
    }

    // One worker, whose flood behind the first item is more than the order may keep: only it can run that item again.
    [Fact]
    public async Task A_first_item_that_waits_for_its_retry_is_not_blocked_by_what_later_ones_write()
    {
        const int Flood = 65_536 + 5_000;
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0 && Interlocked.Increment(ref _attempts[0]) == 1)
            {
                throw new InvalidOperationException("First.");
            }

            for (int i = 0; item.Index == 1 && i < Flood; i++)
            {
                context.Write(i);
            }

            _meter.Enter();
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 1, KeepOrder = true, Retry = Policy(1) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        _meter.WaitForStarted(2);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, (await Bounded.Await(running)).Finished);
        Assert.Equal(Batches.Numbers(Flood), _sink.Output);
    }

    [Fact]
    public async Task Endless_input_that_only_fails_is_read_only_so_far()
    {
        StrongBox<int> read = new();
        ScriptedWorkers workers = new((_, _) => throw new InvalidOperationException("Always."));
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, Retry = Policy(1) });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Endless(read), _sink);
        Bounded.Until(() => run.Progress.Waiting >= 1_024, "as many wait as may");
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref read.Value)), 1_024, 1_024 + 8_192 + 100);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Batches.AssertAddsUp(outcome);
        Assert.Equal(outcome.Finished, outcome.Failed);
        Assert.InRange(outcome.Failed, 1_024, outcome.Read);
    }

    // Half the longest delay: five seconds, then ten.
    private static RetryPolicy Policy(int retries) => new(retries, TimeSpan.FromSeconds(10));

    private ScriptedWorkers Failing(Func<long, bool> fails, int times) => new((item, context) =>
    {
        int attempt = Interlocked.Increment(ref _attempts[item.Index]);
        context.Write($"{item.Index}:{attempt}");
        _meter.Enter();
        if (fails(item.Index) && attempt <= times)
        {
            throw new InvalidOperationException("Failed.");
        }
    });

    private BatchRun Create(ScriptedWorkers workers, BatchOptions options, Func<double>? random = null) =>
        new(options with { Random = random ?? (() => 0.5) }, workers, _clock);
}
