using System.Collections.Concurrent;
using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers;

/// <summary>Over a connection without any room, where a write ends only when it was read, as on a pipe of Windows that was given no buffer.</summary>
public sealed class UnbufferedConnectionTests
{
    public static TheoryData<int, bool> Sizes => new() { { 1, true }, { 1, false }, { 200_000, true }, { 200_000, false }, { 2_000_000, true } };

    [Fact]
    public async Task A_worker_reads_whatever_it_has_to_say_itself()
    {
        using Gate gate = new();
        FakeTransportLauncher ends = new() { Room = 0, Body = _ => gate.Pass() };
        using IWorkerTransport worker = ends.Start(CancellationToken.None);
        FrameStream frames = new(worker.Stream);
        WireReader reader = new();
        await Bounded.Await(Bounded.Run(() => WorkerHello.Receive(frames, FakeTransportLauncher.Build)));
        WireWriter writer = new();
        new BatchHeader(NeedsTimes: false, ReportsStarts: false, LimitsRecords: false, 0, TimeSpan.Zero, TimeSpan.Zero).Write(writer);
        writer.WriteBoolean(false);
        writer.WriteString("go");
        await Write(frames, FrameKind.BeginBatch, writer);
        await AwaitFrame(frames, reader, FrameKind.BatchBegun);

        for (int round = 0; round < 3; round++)
        {
            await Write(frames, FrameKind.Items, Items((round * 10) + 1, 10));

            // The answer waits to be read, and is not yet.
            await Write(frames, FrameKind.Recall);
            await Write(frames, FrameKind.Heartbeat);
            await Write(frames, FrameKind.GoOn);
            await AwaitFrame(frames, reader, FrameKind.Returned);
        }

        gate.Open();
        await Write(frames, FrameKind.EndBatch);
        await AwaitFrame(frames, reader, FrameKind.BatchEnded);
        await Write(frames, FrameKind.Bye);
        Assert.True(worker.TryAwaitExit(TimeSpan.FromSeconds(30), out _));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Items_and_records_of_any_size_go_both_ways(int size, bool hasCrashMarker)
    {
        int count = size > 100_000 ? 60 : 3_000;
        FakeTransportLauncher ends = new() { Room = 0, HasCrashMarker = hasCrashMarker, Body = item => item.Write(new byte[size]) };
        CollectingSink sink = new();
        RemoteWorkerPool pool = new(4);
        for (int batch = 0; batch < 2; batch++)
        {
            RunOutcome outcome = await Run(ends, pool, count, sink, new BatchOptions { ThrottleLimit = 3, KeepOrder = true }, new RemoteOptions { Build = FakeTransportLauncher.Build }, size);
            Assert.Equal((RunEnd.Completed, count), (outcome.End, outcome.Finished));
            Bounded.Until(pool.AreAllClean, "the workers are ready for the next batch");
        }

        pool.Clear();
        Assert.Equal(2 * count, sink.Output.Count);
        Assert.InRange(ends.All.Count, 1, 3);
    }

    // Failures, retries, deaths, deadlines and slow items that others wait for: each makes both ends speak at once.
    [Fact]
    public async Task Both_ends_speak_at_once_and_neither_waits_for_the_other_to_listen()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            int current = seed;
            ConcurrentDictionary<int, int> attempts = new();
            FakeTransportLauncher ends = new()
            {
                Room = 0,
                HasCrashMarker = seed % 2 == 0,
                Body = item =>
                {
                    int chance = new Random((current * 100_003) + item.Value).Next(100);
                    bool isFirst = attempts.AddOrUpdate(item.Value, 1, (_, before) => before + 1) == 1;
                    item.Write(new byte[chance * 500]);
                    if (chance < 10 && isFirst)
                    {
                        throw new InvalidOperationException("once");
                    }

                    if (chance == 10 && isFirst)
                    {
                        item.End.DieHere(9);
                    }

                    if (chance == 11)
                    {
                        item.Stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(40));
                    }

                    Thread.SpinWait(chance * 100);
                },
            };
            CollectingSink sink = new();
            RemoteWorkerPool pool = new(4);
            BatchOptions options = new()
            {
                ThrottleLimit = 3, CollectResults = true, CrashRetryCount = 1, Retry = new RetryPolicy(1, TimeSpan.Zero), ItemTimeout = TimeSpan.FromSeconds(20),
            };
            RunOutcome outcome = await Run(ends, pool, 1_000, sink, options, new RemoteOptions { Build = FakeTransportLauncher.Build, MaxItems = 97 });
            pool.Clear();
            Batches.AssertAccounts(outcome, sink.Results, keepOrder: false);
            Assert.All(sink.Results, result => Assert.Equal(ItemStatus.Succeeded, result.Status));
        }
    }

    [Fact]
    public async Task A_worker_that_wants_to_be_replaced_gives_back_what_is_still_on_its_way()
    {
        FakeTransportLauncher ends = new() { Room = 0, Body = item => item.Write(item.Value) };
        CollectingSink sink = new();
        RemoteWorkerPool pool = new(4);
        RunOutcome outcome = await Run(
            ends, pool, 30, sink, new BatchOptions { ThrottleLimit = 2, KeepOrder = true }, new RemoteOptions { Build = FakeTransportLauncher.Build, MaxMemory = 1 });
        pool.Clear();
        Assert.Equal((RunEnd.Completed, 30), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(30), sink.Output);
    }

    [Fact]
    public async Task A_worker_that_takes_nothing_is_given_up_in_the_midst_of_a_write()
    {
        FakeTransportLauncher ends = new() { Room = 0, Body = item => item.Write(item.Value), Instead = BeginsAndFreezes };
        CollectingSink sink = new();
        RemoteOptions remote = new() { Build = FakeTransportLauncher.Build, Reuses = false, SilenceTimeout = TimeSpan.FromMilliseconds(300) };
        RunOutcome outcome = await Run(ends, new RemoteWorkerPool(4), 5, sink, new BatchOptions { ThrottleLimit = 1, KeepOrder = true }, remote);
        Assert.Equal((RunEnd.Completed, 5), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(5), sink.Output);
    }

    private static bool BeginsAndFreezes(int number, FakeTransport end)
    {
        if (number > 1)
        {
            return false;
        }

        FrameStream frames = new(end.FarStream);
        WireWriter writer = new();
        new WorkerHello(WorkerHello.CurrentVersion, FakeTransportLauncher.Build, number, true).Send(frames);
        frames.Read(new WireReader());
        writer.WriteBoolean(true);
        frames.Write(FrameKind.BatchBegun, writer);
        Bounded.Until(() => end.HasExited, "it is killed");
        return true;
    }

    private static async Task<RunOutcome> Run(
        FakeTransportLauncher ends, RemoteWorkerPool pool, int count, CollectingSink sink, BatchOptions options, RemoteOptions remote, int size = 1)
    {
        using RemoteWorkerFactory factory = new(HostPool.OfThisMachine(ends), remote, new FakeCalls { Padding = size }, pool);
        using BatchRun run = new(options, factory, TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, Batches.Numbers(count), sink));
    }

    private static WireWriter Items(int first, int count)
    {
        WireWriter writer = new();
        for (int id = first; id < first + count; id++)
        {
            writer.WriteVariable((ulong)id);
            int part = writer.BeginPart();
            FakeCalls.Write(writer, id);
            writer.EndPart(part);
        }

        return writer;
    }

    private static Task<bool> Write(FrameStream frames, FrameKind kind, WireWriter? content = null) =>
        Bounded.Await(Bounded.Run(() =>
        {
            frames.Write(kind, content ?? new WireWriter());
            return true;
        }));

    private static Task<bool> AwaitFrame(FrameStream frames, WireReader reader, FrameKind kind) =>
        Bounded.Await(Bounded.Run(() =>
        {
            while (frames.Read(reader) != kind)
            {
            }

            return true;
        }));
}
