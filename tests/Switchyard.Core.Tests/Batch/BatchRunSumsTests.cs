using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <summary>What workers sum up over their items, and write after the last.</summary>
public sealed class BatchRunSumsTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentDictionary<int, int> _sums = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();
    private readonly Gate _gate = new();

    public void Dispose() => _gate.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Each_worker_that_has_run_items_writes_its_sum_once_after_them(bool keepOrder, bool collects)
    {
        ScriptedWorkers workers = Summing((item, context) => context.Write((int)item.Input!));
        using BatchRun run = Create(workers, throttle: 4, keepOrder, collects);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(5_000), _sink));
        Assert.Equal((RunEnd.Completed, 5_000L, 0L), (outcome.End, outcome.Finished, outcome.Unsummed));
        ItemRecord[] sums = [.. _sink.Records.Where(record => record.Index == ItemRecord.NoItem)];
        Assert.Equal(_sums.Keys.Order(), sums.Select(record => ((int Worker, int Sum))record.Value!).Select(sum => sum.Worker).Order());
        Assert.Equal(Enumerable.Range(0, 5_000).Sum(), sums.Sum(record => (((int Worker, int Sum))record.Value!).Sum));
        if (keepOrder)
        {
            Assert.Equal(sums, _sink.Records.TakeLast(sums.Length));
            Assert.Equal(_sums.Keys.Order(), sums.Select(record => (((int Worker, int Sum))record.Value!).Worker));
        }

        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Without_items_nothing_is_summed_up_and_without_sums_no_worker_is_asked()
    {
        int asked = 0;
        ScriptedWorkers workers = new((_, _) => { }) { OnFinish = _ => Interlocked.Increment(ref asked) };
        using (BatchRun empty = Create(workers, throttle: 2))
        {
            await Bounded.Await(Batches.FeedToTheRest(empty, [], _sink));
        }

        await Batches.Run(workers, Batches.Numbers(100), _sink, throttle: 2);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task An_item_that_was_stopped_ends_no_worker_and_its_sum_comes_once()
    {
        ScriptedWorkers workers = Summing((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 1)
            {
                context.WaitFor(_gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 1, itemTimeout: _limit);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, [1, 10, 100, 1000], _sink);
        _meter.WaitForStarted(2);
        _clock.Advance(_limit + _step);
        await Bounded.Await(running);
        Assert.Equal([(1, 1101)], _sink.Output);
    }

    [Fact]
    public async Task What_an_abandoned_worker_had_summed_up_is_told_to_be_lost()
    {
        ScriptedWorkers workers = Summing((item, _) =>
        {
            _meter.Enter();
            if (item.Index == 2)
            {
                ItemContext.ClingTo(_gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 1, itemTimeout: _limit);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, [1, 10, 100, 1000], _sink);
        _meter.WaitForStarted(3);
        _clock.Advance(_limit + _step);
        _clock.Advance(_step);
        _clock.Advance(_step);
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 4L), (outcome.End, outcome.Finished));
        Assert.Equal(["worker 1 lost 2"], _sink.Records.Where(record => record.Kind == RecordKind.Error).Select(record => record.Value));
        Assert.Equal([(1, 1000)], _sink.Output);
        _gate.Open();
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_run_that_is_stopped_sums_nothing_up_and_counts_what_is_lost()
    {
        ScriptedWorkers workers = Summing((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 2)
            {
                context.WaitFor(_gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(10), _sink);
        _meter.WaitForStarted(3);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 2L), (outcome.End, outcome.Unsummed));
        Assert.Empty(_sink.Output);
    }

    [Fact]
    public async Task A_worker_that_hangs_at_its_end_can_be_stopped()
    {
        using Gate finishing = new();
        ScriptedWorkers workers = new((_, _) => { })
        {
            OnFinish = context =>
            {
                finishing.Open();
                context.WaitFor(_gate);
            },
        };
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        finishing.Pass();
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 3L, 3L, 0), (outcome.End, outcome.Finished, outcome.Unsummed, outcome.Abandoned));
    }

    [Fact]
    public async Task After_too_many_failures_what_was_done_is_summed_up()
    {
        ScriptedWorkers workers = Summing((item, _) =>
        {
            if (item.Index == 3)
            {
                throw new InvalidOperationException("no");
            }
        });
        using BatchRun run = Create(workers, throttle: 1, maxFailures: 1);
        RunOutcome outcome = await Bounded.Await(Batches.FeedToTheRest(run, [1, 10, 100, 1000, 10000], _sink));
        Assert.Equal((RunEnd.TooManyFailures, 0L), (outcome.End, outcome.Unsummed));
        Assert.Equal([(1, 111)], _sink.Output);
    }

    private static ItemRecord Lost(int worker, long count) => new(ItemRecord.NoItem, RecordKind.Error, $"worker {worker} lost {count}");

    // Sums up what has run well, and forgets it when it is written.
    private ScriptedWorkers Summing(Action<BatchItem, ItemContext> body) => new((item, context) =>
    {
        body(item, context);
        _sums.AddOrUpdate(context.WorkerNumber, (int)item.Input!, (_, sum) => sum + (int)item.Input!);
    })
    {
        OnOpen = (worker, sink) => _sums.TryRemove(worker, out int _),
        OnFinish = context => context.Write((context.WorkerNumber, _sums[context.WorkerNumber])),
    };

    private BatchRun Create(
        ScriptedWorkers workers, int throttle, bool keepOrder = false, bool collects = false, TimeSpan? itemTimeout = null, int? maxFailures = null) => new(
        new BatchOptions
        {
            ThrottleLimit = throttle,
            KeepOrder = keepOrder,
            CollectResults = collects,
            ItemTimeout = itemTimeout,
            MaxFailures = maxFailures,
            SumsLost = Lost,
        },
        workers,
        _clock);
}
