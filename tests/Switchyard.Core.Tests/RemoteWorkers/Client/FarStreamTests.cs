using Switchyard.Core.Batch;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.RemoteWorkers.Client.Hosts;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>Streams of workers that have one connection, beside their items.</summary>
public sealed class FarStreamTests
{
    private static readonly Dictionary<string, TunnelService> _services = new() { ["echo"] = TunnelTests.Echo };

    [Fact]
    public async Task Streams_go_on_while_the_output_of_their_worker_waits()
    {
        using Gate gate = new();
        int written = 0;
        FakeTransportLauncher ends = new()
        {
            HasCrashMarker = false,
            Body = item =>
            {
                Thread user = Bounded.Start("stream", () =>
                {
                    Bounded.Until(() => Volatile.Read(ref written) > 100_000, "output is on its way");
                    for (int i = 0; i < 20; i++)
                    {
                        AssertEchoes(item.End);
                    }

                    gate.Open();
                });
                for (; written < 200_000; Interlocked.Increment(ref written))
                {
                    item.Write(new byte[100]);
                }

                Bounded.Join(user);
            },
        };
        CollectingSink sink = new() { OnWrite = _ => gate.Pass() };
        RunOutcome outcome = await Run(ends, Batches.Numbers(1), sink);
        Assert.Equal((RunEnd.Completed, 1), (outcome.End, outcome.Finished));
        Assert.Equal(200_000, sink.Output.Count);
    }

    [Fact]
    public async Task Streams_go_on_while_their_worker_has_nothing_to_do()
    {
        using Gate gate = new();
        FakeTransportLauncher ends = new()
        {
            HasCrashMarker = false,
            Body = item =>
            {
                if (item.Value == 0)
                {
                    Bounded.Start("stream", () =>
                    {
                        AssertEchoes(item.End);
                        gate.Open();
                    });
                }
            },
        };
        RunOutcome outcome = await Run(ends, Slow(), new CollectingSink());
        Assert.Equal((RunEnd.Completed, 2), (outcome.End, outcome.Finished));

        IEnumerable<object?> Slow()
        {
            yield return 0;
            gate.Pass();
            yield return 1;
        }
    }

    [Theory]
    [InlineData((int)FrameKind.TunnelData)]
    [InlineData((int)FrameKind.TunnelWindow)]
    [InlineData((int)FrameKind.TunnelEnd)]
    public async Task What_a_worker_says_of_no_stream_costs_itself_alone(int kind)
    {
        FakeTransportLauncher ends = new()
        {
            HasCrashMarker = false,
            Body = item => item.Write(item.Value),
            Instead = (number, end) => number == 1 && Misbehave((FrameKind)kind, end),
        };
        CollectingSink sink = new();
        RunOutcome outcome = await Run(ends, Batches.Numbers(5), sink);
        Assert.Equal((RunEnd.Completed, 5), (outcome.End, outcome.Finished));
        Assert.Equal(Batches.Numbers(5), sink.Output);
        Assert.Equal(2, ends.All.Count);
    }

    [Fact]
    public async Task More_records_than_were_asked_for_cost_their_worker_alone()
    {
        using Gate gate = new();
        FakeTransportLauncher ends = new()
        {
            HasCrashMarker = false,
            Body = item => item.Write(item.Value),
            Instead = (number, end) => number == 1 && Flood(end, gate),
        };
        CollectingSink sink = new();
        await Run(ends, Batches.Numbers(1), sink, gate.Pass);
        Assert.InRange(sink.Output.Count, 1, 50_000);
    }

    private static bool Misbehave(FrameKind kind, FakeTransport end)
    {
        FrameStream frames = Begin(end);
        WireWriter writer = new();
        writer.WriteVariable(4711);
        writer.WriteByte(0);
        frames.Write(kind, writer);
        Bounded.Until(() => end.HasExited, "it is killed");
        return true;
    }

    private static bool Flood(FakeTransport end, Gate gate)
    {
        FrameStream frames = Begin(end);
        try
        {
            for (int i = 0; i < 400; i++)
            {
                WireWriter writer = new();
                for (int j = 0; j < 1_000; j++)
                {
                    writer.WriteByte((byte)RecordKind.Output);
                    int part = writer.BeginPart();
                    FakeCalls.Write(writer, new byte[100]);
                    writer.EndPart(part);
                }

                frames.Write(FrameKind.Records, writer);
            }
        }
        catch (IOException)
        {
            // It has been killed.
        }

        Bounded.Until(() => end.HasExited, "it is killed");
        gate.Open();
        return true;
    }

    private static FrameStream Begin(FakeTransport end)
    {
        FrameStream frames = new(end.FarStream);
        WireReader reader = new();
        WireWriter writer = new();
        new WorkerHello(WorkerHello.CurrentVersion, FakeTransportLauncher.Build, 1, HasCrashMarker: false, 1).Send(frames);
        frames.Read(reader);
        writer.WriteBoolean(true);
        frames.Write(FrameKind.BatchBegun, writer);
        frames.Read(reader);
        return frames;
    }

    private static void AssertEchoes(FakeTransport end)
    {
        byte[] sent = new byte[100_000];
        Random.Shared.NextBytes(sent);
        using TunnelStream stream = end.Tunnel!.Open("echo", string.Empty);
        stream.Write(sent);
        byte[] back = new byte[sent.Length];
        stream.ReadExactly(back);
        Assert.Equal(sent, back);
    }

    private static async Task<RunOutcome> Run(FakeTransportLauncher ends, IEnumerable<object?> input, IResultSink sink, Action? onRead = null)
    {
        using BatchRun run = new(
            new BatchOptions { ThrottleLimit = 1, KeepOrder = true, CrashRetryCount = 1 },
            new RemoteWorkerFactory(
                HostPool.OfThisMachine(ends), new RemoteOptions { Build = FakeTransportLauncher.Build, Reuses = false }, new FakeCalls { Services = _services, OnRead = onRead }, new RemoteWorkerPool(4)),
            TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, input, sink));
    }
}
