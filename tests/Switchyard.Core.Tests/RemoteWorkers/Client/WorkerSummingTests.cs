using System.Collections.Concurrent;
using System.Globalization;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.RemoteWorkers.Client.Hosts;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>What worker processes sum up over their items, and write before they are let go.</summary>
public sealed class WorkerSummingTests
{
    private readonly ConcurrentDictionary<int, (int Sum, int Count)> _sums = new();
    private readonly CollectingSink _sink = new();

    [Theory]
    [InlineData(null)]
    [InlineData(7L)]
    [InlineData(1L)]
    public async Task Each_process_writes_its_sum_before_it_is_let_go(long? maxItems)
    {
        RunOutcome outcome = await Run(Summing(_ => { }), 200, maxItems);
        Assert.Equal((RunEnd.Completed, 200L, 0L), (outcome.End, outcome.Finished, outcome.Unsummed));
        Assert.Equal((Enumerable.Range(0, 200).Sum(), 200), (Written().Sum(written => written.Sum), Written().Sum(written => written.Count)));
        Assert.Empty(_sums);
        if (maxItems is { } most)
        {
            Assert.All(Written(), written => Assert.InRange(written.Count, 1, (int)most));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_process_takes_along_is_counted_and_no_item_twice(bool hasCrashMarker)
    {
        const int Count = 400;
        int[] deadly = [3, 57, 150, 399];
        RunOutcome outcome = await Run(
            Summing(item =>
            {
                if (deadly.Contains(item.Value))
                {
                    item.End.DieHere(9);
                }
            }, hasCrashMarker),
            Count,
            maxItems: 50);
        Assert.Equal((Count, 0), (outcome.Finished, outcome.Unsummed));
        int lost = _sink.Records.Where(record => record.Kind == RecordKind.Error && record.Value is string text && text.StartsWith("lost ", StringComparison.Ordinal))
            .Sum(record => int.Parse(((string)record.Value!)[5..], CultureInfo.InvariantCulture));
        Assert.Equal(Count - deadly.Length, Written().Sum(written => written.Count) + lost);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("far")]
    public async Task A_process_that_dies_while_it_sums_up_is_told_of(string? host)
    {
        FakeTransportLauncher ends = new() { HostName = host, Finish = item => item.End.DieHere(9) };
        RunOutcome outcome = await Run(ends, 20, maxItems: null, throttle: 1);
        Assert.Equal((RunEnd.Completed, 20L, 0L), (outcome.End, outcome.Finished, outcome.Unsummed));
        Assert.Equal("lost 20", Assert.Single(_sink.Records, record => record.Kind == RecordKind.Error).Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_that_does_not_come_to_an_end_is_stopped(bool listens)
    {
        using Gate finishing = new();
        using Gate never = new();
        FakeTransportLauncher ends = new()
        {
            Finish = item =>
            {
                finishing.Open();
                if (listens)
                {
                    WaitHandle.WaitAny([item.Stop.WaitHandle, never.Handle], Bounded.Limit);
                    item.Stop.ThrowIfCancellationRequested();
                }

                ItemContext.ClingTo(never);
            },
        };
        using BatchRun run = Create(ends, maxItems: null, throttle: 1);
        Task<RunOutcome> running = Batches.FeedToTheRest(run, Batches.Numbers(5), _sink);
        finishing.Pass();
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(running);
        Assert.Equal((RunEnd.Canceled, 5L, 0), (outcome.End, outcome.Finished, outcome.Abandoned));
        Assert.True(listens || Assert.Single(ends.All).HasExited);
        never.Open();
    }

    private FakeTransportLauncher Summing(Action<FakeItem> body, bool hasCrashMarker = true) => new()
    {
        HasCrashMarker = hasCrashMarker,
        Body = item =>
        {
            body(item);
            _sums.AddOrUpdate(item.End.Number, (item.Value, 1), (_, sum) => (sum.Sum + item.Value, sum.Count + 1));
        },
        Finish = item =>
        {
            _sums.TryRemove(item.End.Number, out (int Sum, int Count) sum);
            item.Write($"{sum.Sum} {sum.Count}");
        },
    };

    private IEnumerable<(int Sum, int Count)> Written() =>
        _sink.Output.Select(text => ((string)text!).Split(' ')).Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture)));

    private async Task<RunOutcome> Run(FakeTransportLauncher ends, int count, long? maxItems, int throttle = 3)
    {
        using BatchRun run = Create(ends, maxItems, throttle);
        return await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(count), _sink));
    }

    private static BatchRun Create(FakeTransportLauncher ends, long? maxItems, int throttle) => new(
        new BatchOptions
        {
            ThrottleLimit = throttle,
            SumsLost = (_, count) => new ItemRecord(ItemRecord.NoItem, RecordKind.Error, $"lost {count}"),
        },
        new RemoteWorkerFactory(
            ends.HostName is { } host ? new HostPool([new WorkerHost(host, ends, null)]) : HostPool.OfThisMachine(ends),
            new RemoteOptions { Build = FakeTransportLauncher.Build, Reuses = false, MaxItems = maxItems },
            new FakeCalls(),
            new RemoteWorkerPool(4)),
        TimeProvider.System);
}
