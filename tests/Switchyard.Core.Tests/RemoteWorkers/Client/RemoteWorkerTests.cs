using System.Collections.Concurrent;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Hosts;

namespace Switchyard.Core.RemoteWorkers.Client;

public sealed class RemoteWorkerTests
{
    public static TheoryData<bool> Both => [true, false];

    [Theory]
    [MemberData(nameof(Both))]
    public async Task All_items_are_run_once_and_come_back_in_order(bool hasCrashMarker)
    {
        ConcurrentDictionary<int, int> runs = new();
        FakeTransportLauncher ends = new() { HasCrashMarker = hasCrashMarker, Body = item => item.Write(runs.AddOrUpdate(item.Value, item.Value, (_, _) => -1)) };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, 5_000, sink, new BatchOptions { ThrottleLimit = 3, KeepOrder = true });
        Assert.Equal(5_000, outcome.Finished);
        Assert.Equal(Batches.Numbers(5_000), sink.Output);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_death_costs_the_item_that_it_hit_and_no_other(bool hasCrashMarker)
    {
        FakeTransportLauncher ends = new() { HasCrashMarker = hasCrashMarker, Body = item => { DieAt(item, 17, 640, 999); item.Write(item.Value); } };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, 1_000, sink, new BatchOptions { ThrottleLimit = 2, CollectResults = true });
        Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
        Assert.Equal([17, 640, 999], sink.Results.Where(result => result.Status == ItemStatus.Crashed).Select(result => (int)result.Input!).Order());
        Assert.Equal(997, sink.Results.Count(result => result.Status == ItemStatus.Succeeded && Equals(result.Output.Single(), result.Input)));
        ItemResult crashed = sink.Results.First(result => result.Status == ItemStatus.Crashed);
        Assert.Equal(128 + 9, crashed.ExitCode);
        Assert.Contains("died of SIGKILL at", Assert.IsType<string>(Assert.Single(crashed.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_marker_that_the_worker_could_not_open_is_not_believed()
    {
        FakeTransportLauncher ends = new() { LosesCrashMarker = true, Body = item => { DieAt(item, 17); item.Write(item.Value); } };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, 100, sink, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
        Assert.Equal(17, Assert.Single(sink.Results, result => result.Status == ItemStatus.Crashed).Input);
        Assert.Equal(99, sink.Results.Count(result => result.Status == ItemStatus.Succeeded));
    }

    [Fact]
    public async Task A_frozen_worker_that_is_being_sent_items_can_be_stopped()
    {
        using Gate begun = new();
        FakeTransportLauncher ends = new()
        {
            Room = 64,
            Body = item => item.Write(item.Value),
            Instead = (number, end) => Freeze(number, end, begun),
        };
        using RemoteWorkerFactory factory = new(HostPool.OfThisMachine(ends), new RemoteOptions { Build = FakeTransportLauncher.Build, Reuses = false }, new FakeCalls(), new RemoteWorkerPool(4));
        using BatchRun run = new(new BatchOptions { ThrottleLimit = 1 }, factory, TimeProvider.System);
        Task<RunOutcome> feeding = Batches.Feed(run, Batches.Numbers(100_000), new CollectingSink());
        begun.Pass();
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(feeding);
        Assert.Equal((RunEnd.Canceled, 0), (outcome.End, outcome.Abandoned));
        Assert.True(Assert.Single(ends.All).HasExited);
    }

    [Fact]
    public async Task An_item_whose_worker_died_is_tried_again_as_often_as_allowed()
    {
        ConcurrentDictionary<int, int> attempts = new();
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                int attempt = attempts.AddOrUpdate(item.Value, 1, (_, before) => before + 1);
                if ((item.Value == 3 && attempt <= 2) || item.Value == 5)
                {
                    item.End.DieHere(11);
                }

                item.Write(item.Value);
            },
        };
        CollectingSink sink = new();
        await Run(ends, 10, sink, new BatchOptions { ThrottleLimit = 2, CollectResults = true, CrashRetryCount = 2, KeepOrder = true });
        Assert.Equal((ItemStatus.Succeeded, 3), (sink.Results[3].Status, sink.Results[3].Attempts));
        Assert.Equal((ItemStatus.Crashed, 3), (sink.Results[5].Status, sink.Results[5].Attempts));
        Assert.Equal(8, sink.Results.Count(result => result.Attempts == 1));
    }

    [Fact]
    public async Task A_worker_that_dies_between_items_costs_none()
    {
        // Dead once it is idle; the next item finds that out.
        FakeTransportLauncher ends = new() { Body = item => item.Write(item.Value) };
        CollectingSink sink = new();
        using BatchRun run = Create(ends, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        RunOutcome outcome = await Batches.FeedToTheRest(run, DyingBetween(ends, sink, 20), sink);
        Assert.Equal(20, outcome.Finished);
        Assert.All(sink.Results, result => Assert.Equal(ItemStatus.Succeeded, result.Status));
        Assert.True(ends.All.Count >= 20, $"Only {ends.All.Count} were started.");
    }

    [Fact]
    public async Task What_does_not_follow_the_protocol_is_given_up_and_replaced()
    {
        FakeTransportLauncher ends = new()
        {
            Body = item => item.Write(item.Value),
            Instead = (number, end) => Misbehave(number, end),
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, 50, sink, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        Assert.Equal(50, outcome.Finished);
        Assert.Equal(50, sink.Results.Count(result => result.Status == ItemStatus.Succeeded));
        Assert.True(ends.All.ToArray()[0].HasExited);
    }

    [Theory]
    [InlineData("exits")]
    [InlineData("noise")]
    public async Task Workers_that_cannot_start_end_the_run_with_one_error(string how)
    {
        FakeTransportLauncher ends = new()
        {
            Body = _ => { },
            Instead = (_, end) =>
            {
                if (how == "noise")
                {
                    end.FarStream.Write(new byte[2 * 1024 * 1024]);
                }

                return true;
            },
        };
        RunOutcome outcome = await Run(ends, 50, new CollectingSink(), new BatchOptions { ThrottleLimit = 1 });
        Assert.Equal(RunEnd.Failed, outcome.End);
        Assert.StartsWith("cannot start:", Assert.IsType<WorkerStartException>(outcome.Failure).Message, StringComparison.Ordinal);
        Assert.InRange(ends.All.Count, 1, 3);
        Batches.AssertAddsUp(outcome);
    }

    [Fact]
    public async Task A_batch_that_a_worker_refuses_ends_with_its_reason()
    {
        FakeTransportLauncher ends = new() { Body = _ => { } };
        RunOutcome outcome = await Run(ends, 5, new CollectingSink(), new BatchOptions { ThrottleLimit = 1 }, new FakeCalls { Settings = "refuse" });
        Assert.Equal("refused", Assert.IsType<WorkerStartException>(outcome.Failure).Message);
    }

    [Fact]
    public async Task What_cannot_travel_fails_its_item_alone()
    {
        FakeTransportLauncher ends = new() { Body = item => item.Write(item.Value == 2 ? 1.5 : (object)item.Value) };
        CollectingSink sink = new();
        await Run(ends, [0, 1, 2, "text for a number", new Version(1, 2), 3], sink, new BatchOptions { ThrottleLimit = 1, CollectResults = true, KeepOrder = true });
        Assert.Equal(
            [ItemStatus.Succeeded, ItemStatus.Succeeded, ItemStatus.Failed, ItemStatus.Failed, ItemStatus.Failed, ItemStatus.Succeeded],
            sink.Results.Select(result => result.Status));
        Assert.Equal("not sent: cannot travel", sink.Results[2].Errors.Single());
        Assert.Equal("item: cannot travel", sink.Results[4].Errors.Single());
    }

    [Fact]
    public async Task Bytes_arrive_however_many()
    {
        FakeTransportLauncher ends = new() { Body = item => item.Write(Enumerable.Repeat((byte)item.Value, item.Value * 10_000).ToArray()) };
        CollectingSink sink = new();
        await Run(ends, 60, sink, new BatchOptions { ThrottleLimit = 2, KeepOrder = true });
        Assert.All(sink.Output.Index(), pair =>
        {
            byte[] bytes = Assert.IsType<byte[]>(pair.Item);
            Assert.Equal(pair.Index * 10_000, bytes.Length);
            Assert.All(bytes, value => Assert.Equal((byte)pair.Index, value));
        });
    }

    [Fact]
    public async Task Enough_failures_start_nothing_more_though_items_were_sent_ahead()
    {
        int started = 0;
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                Interlocked.Increment(ref started);
                _ = item.Value >= 500 ? throw new InvalidOperationException("bad") : 0;
            },
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, 2_000, sink, new BatchOptions { ThrottleLimit = 1, MaxFailures = 1, CollectResults = true });
        Assert.Equal(501, Volatile.Read(ref started));
        Assert.Equal((501, 1), (outcome.Finished, outcome.Failed));
        Batches.AssertAddsUp(outcome);
    }

    [Fact]
    public async Task A_failed_item_is_tried_again_wherever_it_was_sent()
    {
        ConcurrentDictionary<int, int> attempts = new();
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                _ = attempts.AddOrUpdate(item.Value, 1, (_, before) => before + 1) == 1 ? throw new InvalidOperationException("once") : 0;
                item.Write(item.Value);
            },
        };
        CollectingSink sink = new();
        BatchOptions options = new() { ThrottleLimit = 2, Retry = new RetryPolicy(1, TimeSpan.Zero), KeepOrder = true };
        await Run(ends, 500, sink, options);
        Assert.Equal(Batches.Numbers(500), sink.Output);
    }

    [Fact]
    public async Task Items_that_wait_behind_a_slow_one_are_given_to_who_is_free()
    {
        // Enough quick items that a worker is sent many at a time; then one that lasts until all others are done.
        using Gate gate = new();
        int done = 0;
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                if (item.Value == 3_000)
                {
                    gate.Pass();
                }
                else if (Interlocked.Increment(ref done) == 3_999)
                {
                    gate.Open();
                }
            },
        };
        RunOutcome outcome = await Run(ends, 4_000, new CollectingSink(), new BatchOptions { ThrottleLimit = 2 });
        Assert.Equal(4_000, outcome.Finished);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deadline_ends_its_item_and_the_others_go_on(bool listens)
    {
        using Gate never = new();
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                if (item.Value == 4 && listens)
                {
                    item.Stop.WaitHandle.WaitOne();
                    item.Stop.ThrowIfCancellationRequested();
                }
                else if (item.Value == 4)
                {
                    // Does not listen until its process is gone.
                    Bounded.Until(() => item.End.HasExited, "the remote worker is killed");
                    item.End.DieHere(9);
                }
            },
        };
        CollectingSink sink = new();
        BatchOptions options = new() { ThrottleLimit = 2, CollectResults = true, ItemTimeout = TimeSpan.FromSeconds(3), KeepOrder = true };
        RunOutcome outcome = await Run(ends, 20, sink, options);
        Assert.Equal(ItemStatus.TimedOut, sink.Results[4].Status);
        Assert.Equal(19, sink.Results.Count(result => result.Status == ItemStatus.Succeeded));
        Assert.Equal(0, outcome.Abandoned);
    }

    [Fact]
    public async Task A_stop_ends_what_runs_and_accounts_for_the_rest()
    {
        using Gate running = new();
        FakeTransportLauncher ends = new()
        {
            Body = item =>
            {
                if (item.Value == 100)
                {
                    running.Open();
                    item.Stop.WaitHandle.WaitOne();
                    item.Stop.ThrowIfCancellationRequested();
                }
            },
        };
        CollectingSink sink = new();
        using BatchRun run = Create(ends, new BatchOptions { ThrottleLimit = 1, CollectResults = true });
        Task<RunOutcome> feeding = Batches.FeedToTheRest(run, Batches.Numbers(1_000), sink);
        running.Pass();

        // What the worker has ended comes a little later, several at a time.
        Bounded.Until(() => run.Progress.Done == 100, "all before it are known to have ended");
        run.Cancel();
        RunOutcome outcome = await Bounded.Await(feeding);
        Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
        Assert.Equal(100, Assert.Single(outcome.Interrupted).Index);
        Assert.Equal(0, outcome.Abandoned);
    }

    [Fact]
    public async Task A_worker_is_replaced_when_it_has_had_its_share()
    {
        ConcurrentDictionary<int, int> counts = new();
        FakeTransportLauncher ends = new() { Body = item => counts.AddOrUpdate(item.End.Number, 1, (_, before) => before + 1) };
        RemoteOptions remote = new() { Build = FakeTransportLauncher.Build, MaxItems = 7 };
        using BatchRun run = Create(ends, new BatchOptions { ThrottleLimit = 2 }, remote: remote);
        RunOutcome outcome = await Batches.Feed(run, Batches.Numbers(100), new CollectingSink());
        Assert.Equal(100, outcome.Finished);
        Assert.All(counts.Values, count => Assert.InRange(count, 1, 7));
        Assert.Equal(100, counts.Values.Sum());
    }

    [Fact]
    public async Task Random_deaths_lose_nothing_and_run_nothing_twice_that_was_reported()
    {
        // Each seed another storm: items of different lengths, deaths in items and from outside.
        for (int seed = 0; seed < 20; seed++)
        {
            int current = seed;
            FakeTransportLauncher ends = new()
            {
                HasCrashMarker = seed % 2 == 0,
                Body = item =>
                {
                    int chance = new Random((current * 100_003) + item.Value).Next(200);
                    item.Write(item.Value);
                    if (chance == 0)
                    {
                        item.End.DieHere(9);
                    }

                    Thread.SpinWait(chance * 20);
                    item.Write(-item.Value);
                },
            };
            CollectingSink sink = new();
            RunOutcome outcome = await Run(ends, 2_000, sink, new BatchOptions { ThrottleLimit = 3, CollectResults = true, KeepOrder = true });
            Batches.AssertAccounts(outcome, sink.Results, keepOrder: true);
            Assert.All(sink.Results, result =>
            {
                int value = (int)result.Input!;
                bool dies = new Random((current * 100_003) + value).Next(200) == 0;
                Assert.Equal(dies ? ItemStatus.Crashed : ItemStatus.Succeeded, result.Status);
                if (!dies)
                {
                    Assert.Equal([value, -value], result.Output.Cast<int>());
                }
            });
        }
    }

    private static void DieAt(FakeItem item, params int[] values)
    {
        if (values.Contains(item.Value))
        {
            item.End.DieHere(9);
        }
    }

    private static IEnumerable<object?> DyingBetween(FakeTransportLauncher ends, CollectingSink sink, int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
            Bounded.Until(() => sink.Results.Count > i || ends.All.Count > i, "a remote worker is there");
            FakeTransport last = ends.All.Last();
            Bounded.Until(() => last.CrashMarker!.Finished > 0 || last.HasExited, "it has ended its item");
            last.Die(15);
        }
    }

    // Says who it is, begins the batch, and takes nothing more.
    private static bool Freeze(int number, FakeTransport end, Gate begun)
    {
        FrameStream frames = new(end.FarStream);
        WireReader reader = new();
        WireWriter writer = new();
        new WorkerHello(WorkerHello.CurrentVersion, FakeTransportLauncher.Build, number, true).Send(frames);
        frames.Read(reader);
        writer.WriteBoolean(true);
        frames.Write(FrameKind.BatchBegun, writer);
        frames.Read(reader);
        begun.Open();
        Bounded.Until(() => end.HasExited, "it is killed");
        return true;
    }

    private static bool Misbehave(int number, FakeTransport end)
    {
        if (number > 2)
        {
            return false;
        }

        // Says who it is, begins the batch, and then ends an item that it does not have, or sends an unknown frame.
        FrameStream frames = new(end.FarStream);
        WireReader reader = new();
        WireWriter writer = new();
        new WorkerHello(WorkerHello.CurrentVersion, FakeTransportLauncher.Build, number, true).Send(frames);
        frames.Read(reader);
        writer.WriteBoolean(true);
        frames.Write(FrameKind.BatchBegun, writer);
        frames.Read(reader);
        writer.Clear();
        if (number == 1)
        {
            writer.WriteByte(RecordMark.End);
            writer.WriteVariable(4711);
            writer.WriteByte(0);
        }
        else
        {
            writer.WriteByte(200);
        }

        frames.Write(FrameKind.Records, writer);
        Bounded.Until(() => end.HasExited, "it is killed");
        return true;
    }

    private static Task<RunOutcome> Run(FakeTransportLauncher ends, int count, IResultSink sink, BatchOptions options, FakeCalls? calls = null) =>
        Run(ends, Batches.Numbers(count), sink, options, calls);

    private static async Task<RunOutcome> Run(
        FakeTransportLauncher ends, IEnumerable<object?> input, IResultSink sink, BatchOptions options, FakeCalls? calls = null)
    {
        using BatchRun run = Create(ends, options, calls);
        return await Bounded.Await(Batches.FeedToTheRest(run, input, sink));
    }

    private static BatchRun Create(FakeTransportLauncher ends, BatchOptions options, FakeCalls? calls = null, RemoteOptions? remote = null) => new(
        options,
        new RemoteWorkerFactory(HostPool.OfThisMachine(ends), remote ?? new RemoteOptions { Build = FakeTransportLauncher.Build, Reuses = false }, calls ?? new FakeCalls(), new RemoteWorkerPool(4)),
        TimeProvider.System);
}
