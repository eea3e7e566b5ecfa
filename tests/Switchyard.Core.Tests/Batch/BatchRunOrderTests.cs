using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunOrderTests
{
    [Fact]
    public async Task Output_keeps_the_order_of_the_input_though_the_first_item_ends_late()
    {
        using Gate othersDone = new();
        int done = 0;
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0)
            {
                context.WaitFor(othersDone);
            }
            else if (Interlocked.Increment(ref done) == 100)
            {
                othersDone.Open();
            }

            context.Write(item.Input);
            context.Write(item.Input);
        });
        await Batches.Run(workers, Batches.Numbers(1_000), sink, throttle: 4, keepOrder: true);
        Assert.Equal(Batches.Numbers(1_000).SelectMany(number => new[] { number, number }), sink.Output);
    }

    [Fact]
    public async Task Without_order_a_late_first_item_holds_up_no_output()
    {
        using Gate seen = new();
        CollectingSink sink = new()
        {
            OnWrite = record =>
            {
                if (record.Index == 1)
                {
                    seen.Open();
                }
            },
        };
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0)
            {
                context.WaitFor(seen);
            }

            context.Write(item.Input);
        });
        await Batches.Run(workers, [0, 1], sink, throttle: 2);
        Assert.Equal([1, 0], sink.Output);
    }

    [Fact]
    public async Task Order_holds_though_items_fail_or_write_nothing()
    {
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            switch (item.Index % 3)
            {
                case 0:
                    throw new InvalidOperationException("Third.");
                case 1:
                    context.Write(item.Input);
                    break;
            }
        });
        await Batches.Run(workers, Batches.Numbers(3_000), sink, throttle: 4, keepOrder: true);
        Assert.Equal(Enumerable.Range(0, 3_000).Where(i => i % 3 != 2).Select(i => (long)i), sink.Records.Select(record => record.Index));
    }

    [Fact]
    public async Task Input_is_read_only_so_far_ahead_of_the_first_unfinished_item()
    {
        const int Most = 200_000;
        int read = 0;
        using Gate gate = new();
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0)
            {
                context.WaitFor(gate);
            }
        });
        using BatchRun run = Batches.Create(workers, throttle: 2, keepOrder: true);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Numbers(Most).Select(item => { read++; return item; }), sink);
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref read)), 1, (8192 * 4) + 1);
        gate.Open();
        Assert.Equal(Most, (await Bounded.Await(running)).Finished);
    }

    // What is kept is bounded, so the flood's tail waits in its buffer. It must not be forgotten though all workers are gone by the
    // time that the sink, which is busy with the progress, gets to look for it.
    [Fact]
    public async Task A_flood_behind_an_unfinished_item_arrives_whole_though_the_workers_are_gone()
    {
        const int Flood = 65_536 + 1_023;
        using Gate flooded = new();
        ConcurrencyMeter started = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            started.Enter();
            switch (item.Index)
            {
                case 0:
                    // Ends when the other worker has the next item, so that this, the first, gets the flood.
                    started.WaitForStarted(2);
                    break;
                case 1:
                    context.WaitFor(flooded);
                    context.Write(RecordKind.Progress, "done");
                    break;
                default:
                    for (int i = 0; i < Flood; i++)
                    {
                        context.Write(i);
                    }

                    flooded.Open();
                    break;
            }
        })
        {
            OnOpen = (number, _) => started.WaitForStarted(number - 1),
        };
        CollectingSink sink = new()
        {
            OnWrite = record =>
            {
                if (record.Kind == RecordKind.Progress)
                {
                    workers.WaitUntilAllAreGone();
                }
            },
        };
        await Batches.Run(workers, Batches.Numbers(3), sink, throttle: 2, keepOrder: true);
        Assert.Equal(Batches.Numbers(Flood), sink.Output);
    }

    [Fact]
    public async Task A_flood_larger_than_what_may_be_kept_waits_for_its_turn()
    {
        const int Flood = 200_000;
        int written = 0;
        using Gate gate = new();
        CollectingSink sink = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0)
            {
                context.WaitFor(gate);
                return;
            }

            for (int i = 0; i < Flood; i++)
            {
                context.Write(i);
                Volatile.Write(ref written, i);
            }
        });
        Task<RunOutcome> running = Batches.Run(workers, Batches.Numbers(2), sink, throttle: 2, keepOrder: true);
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref written)), 0, 70_000);
        gate.Open();
        await running;
        Assert.Equal(Flood, sink.Count);
    }
}
