using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.Batch.Copies;

/// <summary>A run whose first item is slow, so that a second attempt at it begins beside the first.</summary>
public sealed class BatchRunCopyTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CollectingSink _sink = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly Gate _first = new();
    private readonly Gate _second = new();
    private Exception? _firstThrows;
    private Exception? _secondThrows;
    private int _attempts;
    private ScriptedWorkers? _workers;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task All_that_is_handed_on_is_of_the_first_that_succeeds(bool keepOrder, bool isCopyFirst)
    {
        ScriptedWorkers workers = Workers();
        using BatchRun run = new(Options with { KeepOrder = keepOrder }, workers, _clock);
        Task<RunOutcome> running = await StartBoth(run);
        if (!keepOrder)
        {
            // What different workers write is in no promised order.
            Bounded.Until(() => _sink.Output.Count == 2, "what the others have written is handed on");
        }

        (isCopyFirst ? _second : _first).Open();
        RunOutcome outcome = await End(running);
        Assert.Equal((RunEnd.Completed, 3, 0, 0), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        string winner = isCopyFirst ? "second" : "first";
        Assert.Equal(keepOrder ? [winner, $"{winner} more", "b", "c"] : ["b", "c", winner, $"{winner} more"], _sink.Output);
        Assert.Equal([$"{winner} warns"], _sink.Records.Where(record => record.Kind == RecordKind.Warning).Select(record => record.Value));
        Assert.Empty(_sink.Results);

        // Only the first tells how far it is: the other would only contradict it.
        Assert.Equal(["first progress"], _sink.Records.Where(record => record.Kind == RecordKind.Progress).Select(record => record.Value));
        Assert.Equal(1, workers.Created.Sum(worker => worker.ItemStops));
        workers.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_result_is_that_of_the_first_that_succeeds(bool isCopyFirst)
    {
        ScriptedWorkers workers = Workers();
        using BatchRun run = new(Options with { CollectResults = true }, workers, _clock);
        Task<RunOutcome> running = await StartBoth(run);
        (isCopyFirst ? _second : _first).Open();
        await End(running);
        ItemResult result = Assert.Single(_sink.Results, result => result.Index == 0);
        string winner = isCopyFirst ? "second" : "first";
        Assert.Equal((ItemStatus.Succeeded, 2), (result.Status, result.Attempts));
        Assert.Equal([winner, $"{winner} more"], result.Output);
        Assert.Equal(3, _sink.Results.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_waits_for_the_other(bool isCopyFirst)
    {
        (isCopyFirst ? ref _secondThrows : ref _firstThrows) = new InvalidOperationException("Planned.");
        using BatchRun run = new(Options with { CollectResults = true, MaxFailures = 1 }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run);
        (isCopyFirst ? _second : _first).Open();
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1, "the worker of the one that failed is idle");
        (isCopyFirst ? _first : _second).Open();
        RunOutcome outcome = await End(running);
        Assert.Equal((RunEnd.Completed, 3, 0), (outcome.End, outcome.Finished, outcome.Failed));
        ItemResult result = Assert.Single(_sink.Results, result => result.Index == 0);
        Assert.Equal((ItemStatus.Succeeded, 2), (result.Status, result.Attempts));
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Two_that_fail_are_one_failure_that_is_tried_again_as_one()
    {
        _firstThrows = _secondThrows = new InvalidOperationException("Planned.");
        using BatchRun run = new(
            Options with { CollectResults = true, Retry = new RetryPolicy(1, TimeSpan.FromSeconds(1)), MaxFailures = 2 }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run);
        _first.Open();
        _second.Open();
        Bounded.Until(() => run.Progress is { Waiting: 1, Running: 0 }, "it waits to be tried again");

        // Once: with time that goes on, the third would be slow, and copied.
        _clock.Advance(TimeSpan.FromSeconds(1));
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Completed, 3, 0), (outcome.End, outcome.Finished, outcome.Failed));
        ItemResult result = Assert.Single(_sink.Results, result => result.Index == 0);
        Assert.Equal((ItemStatus.Succeeded, 3), (result.Status, result.Attempts));
        Assert.Equal(["third", "third more"], result.Output);
    }

    [Fact]
    public async Task Two_that_fail_without_a_retry_are_one_result()
    {
        _firstThrows = _secondThrows = new InvalidOperationException("Planned.");
        using BatchRun run = new(Options with { CollectResults = true }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run);
        _first.Open();
        _second.Open();
        RunOutcome outcome = await End(running);
        Assert.Equal((RunEnd.Completed, 3, 1), (outcome.End, outcome.Finished, outcome.Failed));
        ItemResult result = Assert.Single(_sink.Results, result => result.Index == 0);
        Assert.Equal((ItemStatus.Failed, 2, 1), (result.Status, result.Attempts, result.Errors.Count));
    }

    [Fact]
    public async Task A_lost_worker_whose_item_has_a_copy_costs_no_attempt()
    {
        _firstThrows = EndedException.Lost;
        using BatchRun run = new(Options with { CollectResults = true, LossRetryCount = 3 }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run);
        _first.Open();
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1, "the worker of the one that was lost is idle");

        // Without any time: with some, one that was only lost is copied once more.
        _second.Open();
        await Bounded.Await(running);
        ItemResult result = Assert.Single(_sink.Results, result => result.Index == 0);
        Assert.Equal((ItemStatus.Succeeded, 2, 2), (result.Status, result.Attempts, Volatile.Read(ref _attempts)));
        Assert.Equal(["second", "second more"], result.Output);
    }

    [Fact]
    public async Task Both_have_time_of_their_own()
    {
        using BatchRun run = new(Options with { CollectResults = true, ItemTimeout = TimeSpan.FromSeconds(10) }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run, slowFor: TimeSpan.FromSeconds(8));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1, "the worker of the one whose time was up is idle");
        _second.Open();
        RunOutcome outcome = await End(running);
        Assert.Equal((RunEnd.Completed, 0), (outcome.End, outcome.Failed));
        Assert.Equal(["second", "second more"], Assert.Single(_sink.Results, result => result.Index == 0).Output);
    }

    [Fact]
    public async Task A_stop_while_both_run_gives_the_item_one_result()
    {
        using BatchRun run = new(Options with { CollectResults = true }, Workers(), _clock);
        Task<RunOutcome> running = await StartBoth(run);
        run.Cancel();
        RunOutcome outcome = await End(running);
        Assert.Equal((RunEnd.Canceled, 2, 1, 0), (outcome.End, outcome.Finished, outcome.Interrupted.Count, outcome.Skipped));
        Batches.AssertAccounts(outcome, _sink.Results, keepOrder: false);
    }

    [Fact]
    public async Task One_that_is_beaten_and_deaf_does_not_hold_up_the_end()
    {
        using Gate atLast = new();
        ScriptedWorkers workers = new((item, context) => RunItem(item, context, slow: () => ItemContext.ClingTo(atLast)))
        {
            Host = number => $"{number}", Fault = _ => WorkerFault.DeafToStop,
        };
        using BatchRun run = new(Options with { CollectResults = true }, workers, _clock);
        Task<RunOutcome> running = await StartBoth(run);
        _second.Open();
        RunOutcome outcome = await End(running, isDeaf: true);
        Assert.Equal((RunEnd.Completed, 3, 0, 1), (outcome.End, outcome.Finished, outcome.Failed, outcome.Abandoned));
        Assert.Equal(["second", "second more"], Assert.Single(_sink.Results, result => result.Index == 0).Output);
        atLast.Open();
        workers.WaitUntilAllAreGone();
        Assert.Equal(3, _sink.Results.Count);
    }

    [Fact]
    public async Task Nothing_runs_twice_unless_that_is_asked_for()
    {
        using BatchRun run = new(Options with { CollectResults = true, Speculates = false, LossRetryCount = 1 }, Workers(), _clock);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, ["a", "b", "c"], _sink);
        _meter.WaitForStarted(3);
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1, "a worker is idle");
        _clock.Advance(TimeSpan.FromSeconds(10));
        _first.Open();
        await End(running);
        Assert.Equal((1, 3), (Volatile.Read(ref _attempts), _sink.Results.Count));
    }

    private static BatchOptions Options => new() { ThrottleLimit = 2, Speculates = true };

    private ScriptedWorkers Workers() =>
        _workers = new((item, context) => RunItem(item, context, slow: () => context.WaitFor(_first))) { Host = number => $"{number}" };

    private void RunItem(BatchItem item, ItemContext context, Action slow)
    {
        if (item.Index > 0)
        {
            _meter.Enter();
            context.Write(item.Input);
            return;
        }

        int attempt = Interlocked.Increment(ref _attempts);
        string name = attempt switch { 1 => "first", 2 => "second", _ => "third" };
        context.Write(name);
        context.Write(RecordKind.Warning, $"{name} warns");
        context.Write(RecordKind.Progress, $"{name} progress");
        _meter.Enter();
        if (attempt == 1)
        {
            slow();
        }
        else if (attempt == 2)
        {
            context.WaitFor(_second);
        }

        if ((attempt == 1 ? _firstThrows : attempt == 2 ? _secondThrows : null) is { } thrown)
        {
            throw thrown;
        }

        context.Write($"{name} more");
    }

    /// <summary>Starts the run, and has its first item run twice.</summary>
    private async Task<Task<RunOutcome>> StartBoth(BatchRun run, TimeSpan? slowFor = null)
    {
        Task<RunOutcome> running = Batches.FeedToTheRest(run, ["a", "b", "c"], _sink);
        _meter.WaitForStarted(3);
        Bounded.Until(() => run.State.Queue.WaitingTakers == 1, "a worker is idle");
        _clock.Advance(slowFor ?? TimeSpan.FromSeconds(1));
        await Bounded.Await(Bounded.Run(() =>
        {
            _meter.WaitForStarted(4);
            return true;
        }));
        return running;
    }

    /// <summary>Lets time pass until the run is over: what was beaten is stopped step by step.</summary>
    private async Task<RunOutcome> End(Task<RunOutcome> running, bool isDeaf = false)
    {
        Bounded.Until(
            () =>
            {
                // One that listens ends by itself once it is asked. If time went on, it would be abandoned whenever its thread is not scheduled at once.
                if (isDeaf || _workers!.Created.All(worker => worker.ItemStops == 0))
                {
                    _clock.Advance(TimeSpan.FromMilliseconds(100));
                }

                Thread.Yield();
                return running.IsCompleted;
            },
            "the run is over");
        return await running;
    }
}
