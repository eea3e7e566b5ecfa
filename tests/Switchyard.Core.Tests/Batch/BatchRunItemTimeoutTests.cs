using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

/// <remarks>The fake clock fires a timer once in an advance, so each advance is one step: ask, interrupt, leave behind.</remarks>
public sealed class BatchRunItemTimeoutTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly CollectingSink _sink = new();
    private readonly Gate _gate = new();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task The_item_whose_time_is_up_is_named_and_its_worker_goes_on()
    {
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 1)
            {
                context.WaitFor(_gate);
            }

            context.Write(item.Input);
        });
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, ["a", "b", "c", "d"], _sink);
        _meter.WaitForStarted(2);
        _clock.Advance(_limit - _step);
        Assert.Equal(0, workers.Created.Single().ItemStops);
        _clock.Advance(_step + _step);
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 4, 1, 0), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        ItemResult result = Assert.Single(_sink.Results);
        Assert.Equal((1, "b", ItemStatus.TimedOut, 1), (result.Index, result.Input, result.Status, result.Attempts));
        Assert.Equal(["a", "c", "d"], _sink.Output);
        Assert.Equal((1, 0), (workers.Created.Single().ItemStops, workers.Created.Single().Stops));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Each_item_has_its_own_time()
    {
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            context.WaitFor(_gate);
        });
        using BatchRun run = Create(workers, throttle: 2);
        using Gate first = new();
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Staged("a", first, "b"), _sink);
        _meter.WaitForStarted(1);
        _clock.Advance(_limit - _step);
        first.Open();
        _meter.WaitForStarted(2);
        _clock.Advance(_step + _step);
        _sink.WaitForResults(1);
        Assert.Equal("a", Assert.Single(_sink.Results).Input);
        _clock.Advance(_limit);
        await Bounded.Await(running);
        Assert.Equal(["a", "b"], _sink.Results.Select(result => result.Input));
    }

    [Fact]
    public async Task An_item_deaf_to_being_stopped_is_interrupted_and_its_worker_goes_on()
    {
        ScriptedWorkers workers = new((item, _) =>
        {
            _meter.Enter();
            if (item.Index < 2)
            {
                Thread.Sleep(Timeout.Infinite);
            }
        })
        {
            Fault = _ => WorkerFault.DeafToStop,
        };
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(4), _sink);
        for (int item = 1; item <= 2; item++)
        {
            _meter.WaitForStarted(item);
            _clock.Advance(_limit + _step);
            _clock.Advance(_step);
            _sink.WaitForResults(item);
        }

        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((4, 2, 0), (outcome.Finished, outcome.Failed, outcome.Abandoned));
        Assert.All(_sink.Results, result => Assert.Equal(ItemStatus.TimedOut, result.Status));
        Assert.Equal(2, workers.Created.Single().ItemStops);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_a_worker_that_was_left_behind_does_later_changes_nothing(bool keepOrder, bool breaks)
    {
        using Gate atLast = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index > 0)
            {
                _meter.Enter();
                context.WaitFor(_gate);
            }
            else
            {
                context.Write("before");
                _meter.Enter();
                ItemContext.ClingTo(atLast);
                context.Write("late");
                if (breaks)
                {
                    throw new InvalidOperationException("Late.");
                }
            }

            context.Write(item.Input);
        })
        {
            Fault = _ => breaks ? WorkerFault.ThrowOnFailure : WorkerFault.None,
        };
        using BatchRun run = Create(workers, throttle: 1, keepOrder);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        _meter.WaitForStarted(1);
        LeaveBehind();
        _meter.WaitForStarted(2);
        Assert.Equal([1, 1], workers.Created.Select(worker => worker.Number));
        ScriptedWorker abandoned = workers.Created.First();
        abandoned.Abandoned.Pass();
        atLast.Open();
        abandoned.Disposed.Pass();
        _gate.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 3, 1), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(["before", 1, 2], _sink.Output);
        ItemResult result = Assert.Single(_sink.Results);
        Assert.Equal((0, ItemStatus.TimedOut, 1), (result.Index, result.Status, result.WorkerId));
        Assert.Equal(3, _meter.Started);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_worker_that_never_returns_is_counted_and_holds_up_nothing()
    {
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index == 0)
            {
                ItemContext.ClingTo(_gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(3), _sink);
        _meter.WaitForStarted(1);
        LeaveBehind();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 3, 1, 1), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        _gate.Open();
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Those_left_behind_take_no_place_from_the_others_and_give_none_away()
    {
        using Gate deafUntil = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            _meter.Enter();
            if (item.Index < 2)
            {
                ItemContext.ClingTo(deafUntil);
            }
            else
            {
                context.WaitFor(_gate);
            }
        });
        using BatchRun run = Create(workers, throttle: 3);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(12), _sink);
        _meter.WaitForStarted(3);
        _clock.Advance(_limit - _step);
        Assert.Equal(3, _meter.Started);

        // The third, which gives way, goes on to the next item and is again one of three.
        _clock.Advance(_step + _step);
        _meter.WaitForStarted(4);
        _clock.Advance(_step);
        _clock.Advance(_step);
        _meter.WaitForStarted(6);
        Assert.Equal(6, Bounded.UntilStill(() => _meter.Started));
        Assert.Equal(5, workers.Created.Count);
        Assert.Equal([1, 2, 3], workers.Created.Select(worker => worker.Number).Distinct().Order());
        _gate.Open();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((12, 3, 2), (outcome.Finished, outcome.Failed, outcome.Abandoned));
        deafUntil.Open();
        workers.WaitUntilAllAreGone();
    }

    private static IEnumerable<object?> Staged(object? first, Gate gate, object? second)
    {
        yield return first;
        gate.Pass();
        yield return second;
    }

    private void LeaveBehind()
    {
        _clock.Advance(_limit + _step);
        _clock.Advance(_step);
        _clock.Advance(_step);
    }

    private BatchRun Create(ScriptedWorkers workers, int throttle, bool keepOrder = false) =>
        new(new BatchOptions { ThrottleLimit = throttle, KeepOrder = keepOrder, ItemTimeout = _limit }, workers, _clock);
}
