using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Batch;

public sealed class BatchRunItemTimeoutReaderTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrencyMeter _meter = new();
    private readonly Gate _gate = new();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Time_in_which_the_reader_is_behind_is_not_the_items_own()
    {
        int written = 0;
        using Gate reads = new();
        using Gate never = new();
        CollectingSink sink = new() { OnWrite = _ => reads.Pass() };
        ScriptedWorkers workers = new((_, context) =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                context.Write(i);
                Volatile.Write(ref written, i);
            }

            _meter.Enter();
            context.WaitFor(never);
        });
        using BatchRun run = Create(workers);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, [1], sink);
        Bounded.Until(() => run.Progress.Running == 1, "the item runs");
        Bounded.UntilStill(() => Volatile.Read(ref written));

        // Its worker waits for the reader, so the deadline does not count.
        _clock.Advance(_limit - _step);
        _clock.Advance(_step + _step);
        Assert.Equal(0, workers.Created.Single().ItemStops);
        reads.Open();
        _meter.WaitForStarted(1);
        _clock.Advance(_limit);
        await Bounded.Await(running);
        Assert.Equal(5_000, sink.Count);
        Assert.Equal(ItemStatus.TimedOut, Assert.Single(sink.Results).Status);
    }

    [Fact]
    public async Task Time_in_which_the_reader_was_behind_is_added_to_the_items_own()
    {
        using Gate reads = new();
        int written = 0;
        CollectingSink sink = new() { OnWrite = _ => reads.Pass() };
        ScriptedWorkers workers = new((_, context) =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                context.Write(i);
                Volatile.Write(ref written, i);
            }

            _meter.Enter();
            context.WaitFor(_gate);
        });
        using BatchRun run = Create(workers);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, [1], sink);
        Bounded.Until(() => run.Progress.Running == 1, "the item runs");

        // Standing still takes at least a hundred milliseconds, by the clock that waiting for the reader is measured with.
        Bounded.UntilStill(() => Volatile.Read(ref written));
        reads.Open();
        _meter.WaitForStarted(1);
        _clock.Advance(_limit + TimeSpan.FromMilliseconds(50));
        Assert.Equal(0, workers.Created.Single().ItemStops);
        _gate.Open();
        await Bounded.Await(running);
        Assert.Empty(sink.Results);
    }

    private BatchRun Create(ScriptedWorkers workers) =>
        new(new BatchOptions { ThrottleLimit = 1, ItemTimeout = _limit }, workers, _clock);
}
