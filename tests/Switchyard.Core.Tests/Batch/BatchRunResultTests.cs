using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunResultTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_item_of_a_complete_run_has_one_result_with_what_it_wrote(bool keepOrder)
    {
        ScriptedWorkers workers = new((item, context) =>
        {
            context.Write(item.Input);
            context.Write(RecordKind.Error, "oh");
            context.Write(null);
            if (item.Index % 10 == 0)
            {
                throw new InvalidOperationException("Tenth.");
            }
        });
        using BatchRun run = Create(workers, throttle: 3, keepOrder);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(500), _sink));
        Assert.Equal((RunEnd.Completed, 500, 50), (outcome.End, outcome.Finished, outcome.Failed));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder);
        Assert.Empty(_sink.Records);
        Assert.All(_sink.Results, result =>
        {
            bool fails = result.Index % 10 == 0;
            Assert.Equal(fails ? ItemStatus.Failed : ItemStatus.Succeeded, result.Status);
            Assert.Equal(new object?[] { result.Input, null }, result.Output);
            Assert.Equal(fails ? 2 : 1, result.Errors.Count);
            Assert.Equal((1, (int)result.Index), (result.Attempts, result.Input));
            Assert.InRange(result.WorkerId ?? 0, 1, 3);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_canceled_run_tells_of_what_ran_and_what_did_not(bool keepOrder)
    {
        using Gate allAdded = new();
        using BatchRun run = Create(BlockAfterTheFirst(), throttle: 2, keepOrder);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(6).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(3);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(RunEnd.Canceled, outcome.End);
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder);
        AssertStatuses(ItemStatus.Canceled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_whose_time_is_up_calls_what_ran_timed_out(bool keepOrder)
    {
        using Gate allAdded = new();
        using BatchRun run = Create(BlockAfterTheFirst(), throttle: 2, keepOrder, timeout: TimeSpan.FromSeconds(10));
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(6).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(3);
        _clock.Advance(TimeSpan.FromSeconds(10));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(RunEnd.TimedOut, outcome.End);
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder);
        AssertStatuses(ItemStatus.TimedOut);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_breaks_loses_no_result(bool keepOrder)
    {
        using Gate allAdded = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            context.Write("partly");
            allAdded.Pass();
            throw new InvalidOperationException("Broken.");
        })
        {
            Fault = _ => WorkerFault.ThrowOnFailure,
        };
        using BatchRun run = Create(workers, throttle: 1, keepOrder);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(4).Telling(allAdded), _sink));
        Assert.Equal((RunEnd.Failed, "Broken."), (outcome.End, outcome.Failure?.Message));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder);
        Assert.Equal((1, 3), (outcome.Interrupted.Count, outcome.Skipped));
        Assert.Equal(["partly"], _sink.Results.Single(result => result.Index == 0).Output);
    }

    [Fact]
    public async Task A_worker_that_cannot_start_leaves_all_items_skipped()
    {
        ScriptedWorkers workers = new((_, _) => { }) { Fault = _ => WorkerFault.ThrowOnOpen };
        using BatchRun run = Create(workers, throttle: 2, keepOrder: true);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(20), _sink));
        Assert.Equal((RunEnd.Failed, outcome.Read), (outcome.End, outcome.Skipped));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: true);
    }

    [Fact]
    public async Task What_else_an_item_writes_comes_before_its_result_and_after_those_of_earlier_items()
    {
        List<(long Index, int Results)> seen = [];
        CollectingSink? sink = null;
        sink = new CollectingSink { OnWrite = record => seen.Add((record.Index, sink!.Results.Count)) };
        ScriptedWorkers workers = new((item, context) => context.Write(RecordKind.Warning, item.Input));
        using BatchRun run = Create(workers, throttle: 3, keepOrder: true);
        await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(200), sink));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => ((long)i, i)), seen);
    }

    [Fact]
    public async Task An_item_that_is_interrupted_keeps_what_it_wrote()
    {
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            context.Write("partly");
            _meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = Create(workers, throttle: 1, keepOrder: false);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, [1], _sink);
        _meter.WaitForStarted(1);
        run.Cancel();
        await Bounded.Await(running);
        ItemResult result = Assert.Single(_sink.Results);
        Assert.Equal(["partly"], result.Output);
        Assert.Equal((ItemStatus.Canceled, 1), (result.Status, result.Attempts));
    }

    [Fact]
    public async Task Times_are_told_apart_into_waiting_and_running()
    {
        using Gate allAdded = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 0)
            {
                context.WaitFor(gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 1, keepOrder: true);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(2).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        gate.Open();
        await Bounded.Await(running);
        Assert.Equal([5.0, 0], _sink.Results.Select(result => result.Duration.TotalSeconds));
        Assert.Equal([0.0, 5], _sink.Results.Select(result => result.QueueTime.TotalSeconds));
    }

    private ScriptedWorkers BlockAfterTheFirst() => new((item, context) =>
    {
        _meter.Enter();
        if (item.Index > 0)
        {
            using Gate never = new();
            context.WaitFor(never);
        }
    });

    private void AssertStatuses(ItemStatus interrupted) => Assert.Equal(
        [ItemStatus.Succeeded, interrupted, interrupted, ItemStatus.Skipped, ItemStatus.Skipped, ItemStatus.Skipped],
        _sink.Results.Select(result => result.Status).OrderBy(status => status));

    private BatchRun Create(ScriptedWorkers workers, int throttle, bool keepOrder, TimeSpan? timeout = null) =>
        new(new BatchOptions { ThrottleLimit = throttle, CollectResults = true, KeepOrder = keepOrder, Timeout = timeout }, workers, _clock);
}
