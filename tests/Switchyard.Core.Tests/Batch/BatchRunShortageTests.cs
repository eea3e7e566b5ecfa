using Switchyard.Core.Gauges;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunShortageTests
{
    private const int Room = 3;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task What_cannot_start_for_want_of_room_leaves_its_item_to_those_that_did(bool collects, bool keepOrder)
    {
        int running = 0;
        ScriptedWorkers workers = null!;
        workers = new((item, context) =>
        {
            if (Interlocked.Increment(ref running) > Room)
            {
                Interlocked.Decrement(ref running);
                throw Shortage();
            }

            // So that more start than there is room for, and that those which have none leave before all is done.
            AwaitFirstToLeave(workers);
            Interlocked.Decrement(ref running);
            context.Write(item.Input);
        });
        CollectingSink sink = new();
        RunOutcome outcome = await Run(workers, 500, sink, Options(throttle: 20) with { CollectResults = collects, KeepOrder = keepOrder });
        Assert.Null(outcome.Failure);
        Assert.Equal((RunEnd.Completed, 500, 0), (outcome.End, outcome.Finished, outcome.Failed));
        IEnumerable<object?> output = collects ? sink.Results.SelectMany(result => result.Output) : sink.Output;
        Assert.Equal(Batches.Numbers(500), keepOrder ? output : output.Order());
        Assert.All(sink.Results, result => Assert.Equal((ItemStatus.Succeeded, 1), (result.Status, result.Attempts)));
        Assert.Single(Warnings(sink));
    }

    [Fact]
    public async Task Workers_that_cannot_be_opened_are_done_without()
    {
        int open = 0;
        ScriptedWorkers workers = null!;
        workers = new((item, context) =>
        {
            AwaitFirstToLeave(workers);
            context.Write(item.Input);
        })
        {
            OnOpen = (_, _) =>
            {
                if (Interlocked.Increment(ref open) > Room)
                {
                    throw Shortage();
                }
            },
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(workers, 200, sink, Options(throttle: 20));
        Assert.Equal((RunEnd.Completed, 200), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(200), sink.Output.Order());
        Assert.Equal("No room.", Assert.Single(Warnings(sink)));
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task The_last_one_tries_again_once_the_others_are_gone()
    {
        // Each is in the way of the other while both are being opened.
        ScriptedWorkers workers = null!;
        workers = new((item, context) => context.Write(item.Input))
        {
            OnOpen = (_, _) =>
            {
                Bounded.Until(() => workers.Created.Count > 1, "another is being opened");
                if (workers.Created.Count(worker => !worker.Disposed.IsOpen) > 1)
                {
                    throw Shortage();
                }
            },
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(workers, 50, sink, Options(throttle: 2) with { OpenLimit = 2 });
        Assert.Equal((RunEnd.Completed, 50), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(50), sink.Output.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_not_even_one_can_start_there_is_one_error_and_no_warning(bool inItem)
    {
        ScriptedWorkers workers = new((_, _) => throw (inItem ? Shortage() : new InvalidOperationException("It was opened.")))
        {
            OnOpen = (_, _) =>
            {
                if (!inItem)
                {
                    throw Shortage();
                }
            },
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(workers, 20, sink, Options(throttle: 1) with { CollectResults = true });
        Assert.Equal((RunEnd.Failed, "No room."), (outcome.End, outcome.Failure?.Message));
        Assert.Equal(outcome.Read, outcome.Skipped);
        Assert.Empty(Warnings(sink));
    }

    [Fact]
    public async Task No_more_are_opened_than_the_limits_leave_room_for()
    {
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input)) { OnOpen = (_, _) => Thread.Yield() };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(workers, 1_000, sink, Options(throttle: 20) with { RoomGauge = new FixedRoom(4) });
        Assert.Equal((RunEnd.Completed, 1_000), (outcome.End, outcome.Finished));
        Assert.InRange(workers.Created.Count, 1, 4);
    }

    private static void AwaitFirstToLeave(ScriptedWorkers workers) =>
        Bounded.Until(() => workers.Created.Any(worker => worker.Disposed.IsOpen), "a worker has left");

    private static WorkerStartException Shortage() => new("No room.") { IsShortage = true };

    private static BatchOptions Options(int throttle) => new()
    {
        ThrottleLimit = throttle,
        OpenLimit = throttle,
        WorkersShort = reason => new ItemRecord(ItemRecord.NoItem, RecordKind.Warning, reason),
    };

    private static IEnumerable<object?> Warnings(CollectingSink sink) =>
        sink.Records.Where(record => record.Kind == RecordKind.Warning).Select(record => record.Value);

    private static async Task<RunOutcome> Run(ScriptedWorkers workers, int count, IResultSink sink, BatchOptions options)
    {
        using BatchRun run = new(options, workers, TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(count), sink));
    }

    private sealed class FixedRoom(int room) : IRoomGauge
    {
        public int CountWorkers(int files, int tasks, int wanted, out string reason)
        {
            reason = "Fixed.";
            return room;
        }
    }
}
