using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Every_item_runs_once(int throttle)
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input));
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(20_000), sink, throttle);
        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.Equal(Batches.Numbers(20_000), sink.Output.Order());
        Assert.Equal((20_000, 20_000, 0, 0), (outcome.Read, outcome.Finished, outcome.Failed, outcome.Skipped));
        Assert.Empty(outcome.Interrupted);
        Assert.Equal(0, outcome.Abandoned);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task An_empty_input_opens_no_worker()
    {
        ScriptedWorkers workers = new((_, _) => { });
        RunOutcome outcome = await Batches.Run(workers, [], new CollectingSink(), throttle: 4);
        Assert.Equal((RunEnd.Completed, 0), (outcome.End, outcome.Read));
        Assert.Empty(workers.Created);
    }

    [Fact]
    public async Task Null_is_an_item()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input));
        await Batches.Run(workers, [null, "x", null], sink, throttle: 1);
        Assert.Equal([null, "x", null], sink.Output);
    }

    [Fact]
    public async Task A_failed_item_loses_no_other_and_is_counted()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if ((int)item.Input! % 10 == 3)
            {
                throw new InvalidOperationException("Three.");
            }

            context.Write(item.Input);
        });
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(100), sink, throttle: 3);
        Assert.Equal((RunEnd.Completed, 100, 10), (outcome.End, outcome.Finished, outcome.Failed));
        Assert.Equal(90, sink.Output.Count);
        Assert.Equal([3L, 13, 23, 33, 43, 53, 63, 73, 83, 93], sink.Records.Where(r => r.Kind == RecordKind.Error).Select(r => r.Index).Order());
    }

    [Fact]
    public async Task Records_carry_their_items_index_and_stream()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            context.Write(RecordKind.Verbose, item.Input);
            context.Write(item.Input);
        });
        await Batches.Run(workers, Batches.Numbers(50), sink, throttle: 2);
        Assert.All(sink.Records, record => Assert.Equal(record.Index, (int)record.Value!));
        Assert.Equal(50, sink.Records.Count(record => record.Kind == RecordKind.Verbose));
        Assert.DoesNotContain(sink.Records, record => record.Kind == RecordKind.End);
    }

    [Fact]
    public async Task What_a_worker_says_while_it_opens_belongs_to_no_item()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((_, _) => { }) { OnOpen = (_, opening) => opening.Write(RecordKind.Warning, "mind") };
        await Batches.Run(workers, [0], sink, throttle: 1);
        Assert.Equal(new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, "mind"), Assert.Single(sink.Records));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Output_reaches_the_sink_while_its_item_still_runs(bool keepOrder)
    {
        using Gate seen = new();
        CollectingSink sink = new() { OnWrite = _ => seen.Open() };
        ScriptedWorkers workers = new((_, context) =>
        {
            context.Write("first");

            // Without the record at the sink this item would never end.
            context.WaitFor(seen);
            context.Write("second");
        });
        RunOutcome outcome = await Batches.Run(workers, [0], sink, throttle: 1, keepOrder);
        Assert.Equal(["first", "second"], sink.Output);
        Assert.Equal(0, outcome.Failed);
    }

    [Fact]
    public async Task A_slow_item_does_not_hold_up_those_taken_with_it()
    {
        const int Slow = 5_000;
        using Gate othersDone = new();
        int done = 0;

        // Trivial items before it make chunks large, so that there are others in its own.
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == Slow)
            {
                context.WaitFor(othersDone);
            }
            else if (Interlocked.Increment(ref done) == 9_999)
            {
                othersDone.Open();
            }
        });
        RunOutcome outcome = await Batches.Run(workers, Batches.Numbers(10_000), new CollectingSink(), throttle: 2);
        Assert.Equal((10_000, 0), (outcome.Finished, outcome.Failed));
    }

    [Fact]
    public async Task A_closed_run_takes_nothing_and_gives_the_same_account()
    {
        ScriptedWorkers workers = new((_, _) => { });
        using BatchRun run = Batches.Create(workers, throttle: 1);
        RunOutcome outcome = await Bounded.Await(Batches.Feed(run, [1, 2], new CollectingSink()));
        Assert.Same(outcome, run.Close());
        Assert.False(run.IsEnded);
        Assert.Equal(2, outcome.Finished);
    }

    [Fact]
    public void A_throttle_below_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Batches.Create(new ScriptedWorkers((_, _) => { }), throttle: 0).Dispose());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_item_that_stops_by_itself_has_failed_and_its_worker_goes_on(bool collects)
    {
        ScriptedWorkers workers = new((item, _) =>
        {
            if (item.Index % 3 == 1)
            {
                throw new OperationCanceledException();
            }
        });
        BatchOptions options = new() { ThrottleLimit = 1, CollectResults = collects };
        using BatchRun run = new(options, workers, TimeProvider.System);
        RunOutcome outcome = await Bounded.Await(Batches.Feed(run, Batches.Numbers(9), new CollectingSink()));
        Assert.Equal(RunEnd.Completed, outcome.End);
        Assert.Equal(9, outcome.Finished);
        Assert.Equal(3, outcome.Failed);
    }
}
