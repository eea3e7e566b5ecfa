using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunGateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_item_that_waits_for_its_start_when_the_run_ends_is_skipped(bool collects, bool byFailure)
    {
        using Gate allAdded = new();
        using Gate mayEnd = new();
        int started = 0;
        ScriptedWorkers workers = new((_, context) =>
        {
            started = context.WorkerNumber;
            _meter.Enter();
            context.WaitFor(mayEnd);
            throw new InvalidOperationException("Failed.");
        });
        using BatchRun run = Create(
            workers, new BatchOptions { ThrottleLimit = 2, RateLimit = 0.001, CollectResults = collects, MaxFailures = 1 });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5).Telling(allAdded), _sink);
        allAdded.Pass();
        _meter.WaitForStarted(1);
        Bounded.Until(() => run.State.Gate!.Waiting == 1, "the second waits");
        Assert.Equal(1, run.Progress.Running);
        if (byFailure)
        {
            mayEnd.Open();
        }
        else
        {
            run.Cancel();
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal(byFailure ? RunEnd.TooManyFailures : RunEnd.Canceled, outcome.End);
        Assert.Equal(byFailure ? (1, 0, 4) : (0, 1, 4), (outcome.Finished, outcome.Interrupted.Count, outcome.Skipped));
        Assert.Equal(1, _meter.Started);
        Assert.Equal(0, workers.Created.Single(worker => worker.Number != started).Stops);
        workers.WaitUntilAllAreGone();
        if (collects)
        {
            Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
        }
    }

    [Fact]
    public async Task Items_start_at_the_rate_over_all_workers()
    {
        // A start each five milliseconds: who waits looks at the clock again after that real time.
        using BatchRun run = Create(new ScriptedWorkers((_, _) => _meter.Enter()), new BatchOptions { ThrottleLimit = 4, RateLimit = 200 });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5), _sink);
        for (int started = 1; started < 5; started++)
        {
            _meter.WaitForStarted(started);
            if (started == 3)
            {
                Assert.Equal(started, Bounded.UntilStill(() => _meter.Started));
            }

            _clock.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.Equal(5, (await Bounded.Await(running)).Finished);
    }

    [Fact]
    public async Task That_memory_is_low_is_told_once_and_items_start_when_it_is_not()
    {
        FakeMemory memory = new(available: 10);
        ScriptedWorkers workers = new((item, _) =>
        {
            _meter.Enter();
            if (item.Index == 0)
            {
                memory.Available = 20;
                _clock.Advance(TimeSpan.FromSeconds(1));
            }
        });
        using BatchRun run = CreateWithMemory(workers, memory);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(6), _sink);
        _sink.WaitForCount(1);
        Assert.Equal(0, Bounded.UntilStill(() => _meter.Started));
        Recover();

        // Low again: it waits again, but that is not told again.
        _meter.WaitForStarted(1);
        Bounded.Until(() => run.State.Gate!.Waiting > 0, "the next item waits");
        Assert.Equal(1, Bounded.UntilStill(() => _meter.Started));
        Recover();
        Assert.Equal(6, (await Bounded.Await(running)).Finished);
        Assert.Equal([new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, 10L)], _sink.Records);

        void Recover()
        {
            memory.Available = 1_000;
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_run_that_waits_for_memory_can_be_canceled()
    {
        using Gate allAdded = new();
        using BatchRun run = CreateWithMemory(new ScriptedWorkers((_, _) => _meter.Enter()), new FakeMemory(available: 10));
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(6).Telling(allAdded), _sink);
        allAdded.Pass();
        _sink.WaitForCount(1);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((6, 0, 6), (outcome.Read, _meter.Started, outcome.Skipped));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_waits_for_its_start_waits_on_while_the_run_is_suspended_or_its_throttle_lowered(bool isSuspended)
    {
        using Semaphore turns = new(0, 100);
        ScriptedWorkers workers = new((_, context) =>
        {
            _meter.Enter();
            context.WaitFor(turns);
            _meter.Leave();
        });
        using BatchRun run = Create(workers, new BatchOptions { ThrottleLimit = 2, RateLimit = 200 });
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(6), _sink);
        _meter.WaitForStarted(1);
        Bounded.Until(() => run.State.Gate!.Waiting == 1, "the second waits to start");
        if (isSuspended)
        {
            run.Suspend();
        }
        else
        {
            run.SetThrottle(1);
        }

        Bounded.Until(() => AdvanceUntil(() => run.State.Throttle.Waiting == 1), "it waits for a place");
        Assert.Equal(1, _meter.Started);
        run.SetThrottle(2);
        run.Resume();
        turns.Release(6);
        Bounded.Until(() => AdvanceUntil(() => running.IsCompleted), "it ends");
        Assert.Equal((6, 0), ((await running).Finished, run.State.Throttle.Running));
        workers.WaitUntilAllAreGone();
    }

    private bool AdvanceUntil(Func<bool> condition)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(5));
        return condition();
    }

    private BatchRun Create(ScriptedWorkers workers, BatchOptions options) => new(options, workers, _clock);

    private BatchRun CreateWithMemory(ScriptedWorkers workers, FakeMemory memory) => Create(workers, new BatchOptions
    {
        ThrottleLimit = 1,
        MinFreeMemory = 100,
        MemoryGauge = memory,
        MemoryLow = free => new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, free),
    });
}
