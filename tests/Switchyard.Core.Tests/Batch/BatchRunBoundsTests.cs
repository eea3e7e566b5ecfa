using System.Runtime.CompilerServices;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Batch;

public sealed class BatchRunBoundsTests
{
    // The queue's least size for few workers.
    private const int Queue = 32;

    [Fact]
    public async Task An_endless_input_ends_with_its_sink_and_was_read_only_a_little()
    {
        StrongBox<int> read = new();
        CollectingSink sink = new() { OnWrite = record => ThrowAt(record.Index, 10) };
        ScriptedWorkers workers = new((item, context) => context.Write(item.Input));
        using BatchRun run = Batches.Create(workers, throttle: 2);
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Bounded.Await(Batches.Feed(run, Batches.Endless(read), sink)));
        Assert.Equal("Enough.", thrown.Message);

        RunOutcome outcome = run.Close();
        Assert.InRange(read.Value, 10, 20_000);
        Assert.Equal(RunEnd.Canceled, outcome.End);
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Input_waits_while_the_items_block()
    {
        StrongBox<int> read = new();
        ConcurrencyMeter meter = new();
        using Gate never = new();
        ScriptedWorkers workers = new((_, context) =>
        {
            meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = Batches.Create(workers, throttle: 2);
        Task<RunOutcome> running = Batches.Feed(run, Input(), new CollectingSink());

        // One more was read and finds no room.
        Bounded.Until(() => Volatile.Read(ref read.Value) >= Queue + 2 + 1, "both work and the queue is full");
        Assert.Equal(Queue + 2 + 1, Bounded.UntilStill(() => Volatile.Read(ref read.Value)));
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((Queue + 2, 0, Queue), (outcome.Read, outcome.Finished, outcome.Skipped));
        Assert.Equal([0L, 1], outcome.Interrupted.Select(item => item.Index));

        // Both workers have theirs before the queue fills: what is taken from a full one is replaced only once half of it is free.
        IEnumerable<object?> Input()
        {
            foreach (object? item in Batches.Endless(read))
            {
                yield return item;
                if (Volatile.Read(ref read.Value) == 2)
                {
                    meter.WaitForStarted(2);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Large_items_are_read_ahead_no_further_than_is_said_however_short_they_are(bool haveWeights)
    {
        const int Short = 20_000;
        const int Ahead = 3;
        StrongBox<int> read = new();
        int started = 0;
        int most = 0;
        using Gate never = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            int ahead = Volatile.Read(ref read.Value) - Interlocked.Increment(ref started);
            InterlockedMax(ref most, ahead);
            if (item.Index >= Short)
            {
                context.WaitFor(never);
            }
        });
        BatchOptions options = new() { ThrottleLimit = 2, MostReadAhead = Ahead, Weight = haveWeights ? item => (int)item! % 5 : null };
        using BatchRun run = new(options, workers, TimeProvider.System);
        Task<RunOutcome> running = Batches.Feed(run, Batches.Endless(read), new CollectingSink());
        Bounded.UntilStill(() => Volatile.Read(ref read.Value));
        run.Cancel();
        await Bounded.Await(running);

        // In the queue, in the chunk of the other worker, and what finds no room.
        Assert.InRange(most, 1, Ahead + Ahead + 2);
    }

    [Fact]
    public async Task A_sink_that_is_behind_holds_up_the_workers()
    {
        const int Most = 100_000;
        int written = 0;
        using Gate gate = new();
        CollectingSink sink = new() { OnWrite = _ => gate.Pass() };
        ScriptedWorkers workers = new((_, context) =>
        {
            for (int i = 0; i < Most; i++)
            {
                context.Write(i);
                Volatile.Write(ref written, i);
            }
        });
        Task<RunOutcome> running = Batches.Run(workers, [0], sink, throttle: 1);
        Assert.InRange(Bounded.UntilStill(() => Volatile.Read(ref written)), 0, 4_096);
        gate.Open();
        await running;
        Assert.Equal(Batches.Numbers(Most), sink.Output);
    }

    [Fact]
    public async Task A_sinks_exception_reaches_who_completes_and_ends_the_run()
    {
        CollectingSink sink = new() { OnWrite = record => ThrowAt(record.Index, 0) };
        using Gate never = new();
        using Gate allAdded = new();
        ScriptedWorkers workers = new((item, context) =>
        {
            if (item.Index == 0)
            {
                context.WaitFor(allAdded);
                context.Write("x");
            }
            else
            {
                context.WaitFor(never);
            }
        });
        using BatchRun run = Batches.Create(workers, throttle: 2);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Bounded.Await(Batches.Feed(run, Batches.Numbers(5).Telling(allAdded), sink)));
        Assert.True(run.IsEnded);
        Assert.False(run.Add(5, sink));
        RunOutcome outcome = run.Close();
        Assert.Equal((RunEnd.Canceled, 5), (outcome.End, outcome.Read));
        Batches.AssertAddsUp(outcome);
        workers.WaitUntilAllAreGone();
    }

    private static void ThrowAt(long index, long limit)
    {
        if (index >= limit)
        {
            throw new InvalidOperationException("Enough.");
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
