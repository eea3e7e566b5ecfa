using System.Runtime.CompilerServices;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch.Weights;

public sealed class BatchRunWeightTests : IDisposable
{
    private readonly List<long> _started = [];
    private readonly Gate _hasBegun = new();
    private readonly Gate _allAdded = new();

    public void Dispose()
    {
        _hasBegun.Dispose();
        _allAdded.Dispose();
    }

    [Fact]
    public async Task The_heaviest_of_what_was_read_is_started_first_and_results_keep_their_places()
    {
        CollectingSink sink = new();
        RunOutcome outcome = await Run(new BatchOptions { ThrottleLimit = 1, Weight = Weight, CollectResults = true }, [0, 30, 10, 50, 20], sink);
        Assert.Equal([0L, 3, 1, 4, 2], _started);
        Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
        Assert.All(sink.Results, result => Assert.Equal(new object?[] { 0, 30, 10, 50, 20 }[result.Index], result.Input));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_order_is_kept_or_nothing_is_known_items_are_started_as_they_came(bool keepsOrder)
    {
        BatchOptions options = new() { ThrottleLimit = 1, KeepOrder = keepsOrder, Weight = keepsOrder ? Weight : _ => double.NaN };
        await Run(options, [0, 30, 10, 50, 20], new CollectingSink());
        Assert.Equal([0L, 1, 2, 3, 4], _started);
    }

    [Fact]
    public async Task A_job_orders_all_that_was_posted()
    {
        ScriptedWorkers workers = Workers();
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1, IsUnbounded = true, Weight = Weight }, workers, TimeProvider.System);
        foreach (object? item in FirstBegun(Batches.Numbers(20_001)))
        {
            Assert.True(run.Post(item));
        }

        run.EndInput();
        _allAdded.Open();
        await Bounded.Await(Bounded.Run(() => run.Pump(new CollectingSink())));

        // Behind these there are some that were overtaken often enough.
        Assert.Equal([0L, .. Enumerable.Range(0, 8_000).Select(i => 20_000L - i)], _started.Take(8_001));
        Assert.Equal(20_001, _started.Distinct().Count());
    }

    [Fact]
    public async Task That_a_weight_is_not_known_is_told_once()
    {
        CollectingSink sink = new();
        BatchOptions options = new()
        {
            ThrottleLimit = 1,
            Weight = item => item is 10 or 20 ? double.NaN : Weight(item),
            WeightUnknown = item => new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, item),
        };
        await Run(options, [0, 30, 10, 50, 20], sink);
        Assert.Equal([10], sink.Records.Where(record => record.Kind == RecordKind.Warning).Select(record => record.Value));

        // They may be long.
        Assert.Equal([0L, 2, 4, 3, 1], _started);
    }

    [Fact]
    public async Task How_much_work_runs_and_waits_can_be_seen_from_anywhere()
    {
        ConcurrencyMeter meter = new();
        using Gate gate = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            meter.Enter();
            if (item.Index == 0)
            {
                _hasBegun.Open();
            }

            context.WaitFor(item.Index == 0 ? _allAdded : gate);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1, Weight = Weight }, workers, TimeProvider.System);
        Task<RunOutcome> running = Batches.Feed(run, FirstBegun([5, 30, 10, 20, 2]).Telling(_allAdded), new CollectingSink());
        meter.WaitForStarted(2);
        RunLoad load = run.Progress.Load!;
        Assert.Equal((1L, 67d, 32d, 20d), (load.Ended, load.Read, load.Waiting, load.Heaviest));
        Assert.Equal([new RunningWork(1, 30)], load.Running);
        gate.Open();
        await Bounded.Await(running);
        load = run.Progress.Load!;
        Assert.Equal((5L, 67d, 0d, 0d, 0), (load.Ended, load.Read, load.Waiting, load.Heaviest, load.Running.Count));
    }

    [Fact]
    public async Task An_endless_input_is_read_no_further_than_what_may_wait()
    {
        StrongBox<int> read = new();
        ConcurrencyMeter meter = new();
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 2, Weight = Weight }, workers, TimeProvider.System);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Endless(read), new CollectingSink());
        Bounded.Until(() => Volatile.Read(ref read.Value) >= 8192 && meter.Started == 2, "both work and the queue is full");
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref read.Value)), 8192, 8192 + 2 + 1);
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Batches.AssertAddsUp(outcome);
        Assert.Equal(2, outcome.Interrupted.Count);
    }

    [Fact]
    public async Task What_failed_is_tried_again_before_the_heaviest()
    {
        bool hasFailed = false;
        ScriptedWorkers workers = Workers(item =>
        {
            if (item.Index == 3 && !hasFailed)
            {
                hasFailed = true;
                throw new InvalidOperationException("Once.");
            }
        });
        BatchOptions options = new() { ThrottleLimit = 1, Weight = Weight, CrashRetryCount = 1, Retry = new Policies.RetryPolicy(1, TimeSpan.Zero), CollectResults = true };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(options, [0, 30, 10, 50, 20], sink, workers);
        Assert.Equal(6, _started.Count);
        Assert.Equal([0L, 3, 1, 4, 2], _started.Distinct());
        Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
        Assert.Equal(2, sink.Results.Single(result => result.Index == 3).Attempts);
    }

    private static double Weight(object? item) => (int)item!;

    private async Task<RunOutcome> Run(BatchOptions options, IReadOnlyList<object?> input, CollectingSink sink, ScriptedWorkers? workers = null)
    {
        using BatchRun run = new(options, workers ?? Workers(), TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, FirstBegun(input).Telling(_allAdded), sink));
    }

    // Before the worker has the first, any other might be heavier.
    private IEnumerable<object?> FirstBegun(IEnumerable<object?> input)
    {
        bool isFirst = true;
        foreach (object? item in input)
        {
            yield return item;
            if (isFirst)
            {
                isFirst = false;
                _hasBegun.Pass();
            }
        }
    }

    // The first item holds the only worker until all others were read.
    private ScriptedWorkers Workers(Action<BatchItem>? body = null) => new((item, context) =>
    {
        _started.Add(item.Index);
        if (item.Index == 0)
        {
            _hasBegun.Open();
            context.WaitFor(_allAdded);
        }

        body?.Invoke(item);
    });
}
