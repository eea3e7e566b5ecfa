using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Protocol.Tunnels;

public sealed class TunnelTests
{
    [Fact]
    public void Whatever_is_written_arrives_however_it_is_cut()
    {
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 200_000].Array[1, 12], Gen.Int[1, 100_000]).Sample(
            (streams, pieces, readAtOnce) =>
            {
                using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["echo"] = Echo });
                Thread[] users = [.. Enumerable.Range(0, streams).Select(number => Bounded.Start($"stream {number}", () => AssertEchoes(pair, pieces, readAtOnce, number)))];
                Array.ForEach(users, Bounded.Join);
                Assert.Null(pair.Fault);
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public void A_stream_that_is_not_read_holds_a_window_and_no_other_stream_up()
    {
        using Gate gate = new();
        using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["deaf"] = (_, _) => gate.Pass(), ["echo"] = Echo });
        using TunnelStream deaf = pair.Worker.Open("deaf", string.Empty);
        deaf.Write(new byte[TunnelStream.Window]);
        Thread writer = Bounded.Start("writer", () => Assert.Throws<IOException>(() => deaf.Write(new byte[1])));
        AssertEchoes(pair, [TunnelStream.Window * 3], 10_000, 1);
        Assert.True(writer.IsAlive);
        gate.Open();
        Bounded.Join(writer);
        Assert.Null(pair.Fault);
    }

    [Fact]
    public void Ends_and_errors_of_either_side_are_handed_on()
    {
        byte[] buffer = new byte[10];
        Exception? written = null;
        using ManualResetEventSlim hasEnded = new();
        using TunnelPair pair = new(new Dictionary<string, TunnelService>
        {
            ["ends"] = (stream, _) => stream.Write("ab"u8),
            ["fails"] = (stream, argument) =>
            {
                stream.Write("ab"u8);
                throw new InvalidOperationException("no " + argument);
            },
            ["hears"] = (stream, _) =>
            {
                Assert.Equal(2, stream.ReadAtLeast(new byte[2], 2));
                Assert.Equal(0, stream.Read(new byte[2]));
                written = Record.Exception(() => stream.Write("x"u8));
                hasEnded.Set();
            },
        });
        TunnelStream ends = pair.Worker.Open("ends", string.Empty);
        Assert.Equal(2, ends.ReadAtLeast(buffer, 2));
        Assert.Equal(0, ends.Read(buffer));
        Assert.Throws<IOException>(() => ends.Write("x"u8));
        ends.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ends.Read(buffer));
        Assert.Throws<ObjectDisposedException>(() => ends.Write("x"u8));

        using TunnelStream fails = pair.Worker.Open("fails", "way");
        Assert.Equal(2, fails.ReadAtLeast(buffer, 2));
        Assert.Equal("no way", Assert.Throws<IOException>(() => fails.Read(buffer)).Message);
        using TunnelStream unknown = pair.Worker.Open("unknown", string.Empty);
        Assert.Contains("'unknown'", Assert.Throws<IOException>(() => unknown.Read(buffer)).Message, StringComparison.Ordinal);

        using (TunnelStream hears = pair.Worker.Open("hears", string.Empty))
        {
            hears.Write("ab"u8);
        }

        Assert.True(hasEnded.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.IsType<IOException>(written);
        Assert.Null(pair.Fault);
    }

    [Fact]
    public void The_end_of_the_connection_is_the_end_of_all_streams()
    {
        TunnelPair pair = new(new Dictionary<string, TunnelService> { ["deaf"] = (stream, _) => stream.ReadByte() });
        TunnelStream stream = pair.Worker.Open("deaf", string.Empty);
        Thread reader = Bounded.Start("reader", () => Assert.Throws<IOException>(() => stream.ReadByte()));
        pair.Cut();
        Bounded.Join(reader);
        Assert.Throws<IOException>(() => stream.Write("x"u8));
        Assert.Throws<IOException>(() => pair.Worker.Open("deaf", string.Empty));
        Assert.Throws<IOException>(pair.Records.Await);
        stream.Dispose();
    }

    [Fact]
    public void The_end_of_a_batch_ends_its_streams_and_the_next_offers_others()
    {
        using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["one"] = (stream, _) => stream.ReadByte() });
        using TunnelStream first = pair.Worker.Open("one", string.Empty);
        pair.Caller.EndAll();
        Assert.Throws<IOException>(() => first.ReadByte());
        using TunnelStream late = pair.Worker.Open("one", string.Empty);
        Assert.Throws<IOException>(() => late.ReadByte());
        pair.Caller.Offer(new Dictionary<string, TunnelService> { ["echo"] = Echo });
        AssertEchoes(pair, [10], 10, 0);
        Assert.Null(pair.Fault);
    }

    [Fact]
    public void Streams_are_limited_in_number_and_those_that_end_make_room()
    {
        using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["echo"] = Echo });
        for (int round = 0; round < 3; round++)
        {
            TunnelStream[] all = [.. Enumerable.Range(0, Tunnel.MostStreams).Select(_ => pair.Worker.Open("echo", string.Empty))];
            Assert.Throws<IOException>(() => pair.Worker.Open("echo", string.Empty));
            Array.ForEach(all, stream => stream.Dispose());
            Bounded.Until(() => pair.Worker.Count == 0, "all have ended");
        }

        Assert.Null(pair.Fault);
    }

    [Fact]
    public void An_end_is_told_although_its_item_is_interrupted()
    {
        using ManualResetEventSlim hasEnded = new();
        using TunnelPair pair = new(new Dictionary<string, TunnelService>
        {
            ["hears"] = (stream, _) =>
            {
                Assert.Equal(0, stream.Read(new byte[2]));
                hasEnded.Set();
            },
        });
        Thread user = Bounded.Start("user", () =>
        {
            TunnelStream stream = pair.Worker.Open("hears", string.Empty);
            Thread.CurrentThread.Interrupt();
            try
            {
                stream.ReadByte();
            }
            catch (ThreadInterruptedException)
            {
                Thread.CurrentThread.Interrupt();
                stream.Dispose();
                Assert.Throws<ThreadInterruptedException>(() => Thread.Sleep(TimeSpan.FromMinutes(1)));
            }
        });
        Bounded.Join(user);
        Assert.True(hasEnded.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("unopened")]
    [InlineData("again")]
    [InlineData("too much")]
    [InlineData("window")]
    [InlineData("records")]
    [InlineData("after end")]
    [InlineData("two ends")]
    [InlineData("rest")]
    public void What_does_not_follow_ends_the_connection(string what)
    {
        using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["deaf"] = (stream, _) => Thread.Sleep(1), ["echo"] = Echo });
        TunnelStream stream = pair.Worker.Open("echo", string.Empty);
        try
        {
            switch (what)
            {
                case "unopened":
                    Send(pair, FrameKind.TunnelData, 7, writer => writer.WriteByte(1));
                    break;
                case "again":
                    Send(pair, FrameKind.TunnelOpen, stream.Id, Opening);
                    break;
                case "too much":
                    Send(pair, FrameKind.TunnelData, stream.Id, writer => writer.WriteRaw(new byte[TunnelStream.Window + 1]));
                    break;
                case "window":
                    Send(pair, FrameKind.TunnelWindow, stream.Id, writer => writer.WriteVariable(ulong.MaxValue));
                    break;
                case "records":
                    Send(pair, FrameKind.TunnelWindow, 0, writer => writer.WriteVariable(1));
                    break;
                case "after end":
                    Send(pair, FrameKind.TunnelEnd, stream.Id, writer => writer.WriteString(null));
                    Send(pair, FrameKind.TunnelData, stream.Id, writer => writer.WriteByte(1));
                    break;
                case "two ends":
                    Send(pair, FrameKind.TunnelEnd, stream.Id, writer => writer.WriteString(null));
                    Send(pair, FrameKind.TunnelEnd, stream.Id, writer => writer.WriteString(null));
                    break;
                default:
                    Send(pair, FrameKind.TunnelWindow, stream.Id, writer => writer.WriteInt64(0));
                    break;
            }
        }
        catch (IOException)
        {
            // The caller has not read all of it.
        }

        Assert.ThrowsAny<IOException>(() => stream.ReadExactly(new byte[1]));
        Bounded.Until(() => pair.Fault is not null, "the caller has found it");
    }

    [Fact]
    public void Nothing_may_come_first()
    {
        using TunnelPair pair = new(new Dictionary<string, TunnelService> { ["echo"] = Echo });
        using TunnelStream stream = pair.Worker.Open("echo", string.Empty);
        Send(pair, FrameKind.TunnelData, stream.Id, _ => { });
        stream.Write("a"u8);
        Assert.Equal('a', stream.ReadByte());
        Assert.Null(pair.Fault);
    }

    [Fact]
    public void Whatever_the_bytes_are_a_frame_is_taken_or_refused()
    {
        Gen.Select(Gen.Int[(int)FrameKind.TunnelOpen, (int)FrameKind.TunnelWindow], Gen.Byte.Array[0, 60]).Sample(
            (kind, bytes) =>
            {
                DuplexPipe pipe = new();
                foreach (Tunnel tunnel in new[] { new Tunnel(new FrameStream(pipe.Near)), new Tunnel(new FrameStream(pipe.Far)) { Records = new RecordWindow() } })
                {
                    WireReader reader = new();
                    reader.Reset(bytes, 0, bytes.Length, []);
                    Exception? refused = Record.Exception(() => tunnel.Receive((FrameKind)kind, reader));
                    Assert.True(refused is null or MalformedFrameException);
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void Records_wait_until_they_are_taken()
    {
        RecordWindow window = new();
        window.Await();
        Assert.True(window.TrySpend(RecordWindow.Length));
        Assert.False(window.TrySpend(0));
        Thread sender = Bounded.Start("sender", window.Await);
        Assert.Throws<MalformedFrameException>(() => window.Add(RecordWindow.Length + (RecordWindow.FrameCost * 2) + 1));
        window.Add(RecordWindow.FrameCost * 2);
        Assert.True(sender.IsAlive);
        window.Add(1);
        Bounded.Join(sender);
    }

    internal static void Echo(Stream stream, string argument)
    {
        byte[] buffer = new byte[30_000];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            stream.Write(buffer.AsSpan(0, count));
        }
    }

    private static void AssertEchoes(TunnelPair pair, int[] pieces, int readAtOnce, int seed)
    {
        byte[] all = new byte[pieces.Sum()];
        new Random(seed).NextBytes(all);
        using TunnelStream stream = pair.Worker.Open("echo", string.Empty);
        Thread writer = Bounded.Start("writes", () =>
        {
            int written = 0;
            foreach (int piece in pieces)
            {
                stream.Write(all.AsSpan(written, piece));
                written += piece;
            }
        });
        byte[] back = new byte[all.Length];
        for (int read = 0; read < back.Length;)
        {
            int count = stream.Read(back.AsSpan(read, Math.Min(readAtOnce, back.Length - read)));
            read += count > 0 ? count : throw new EndOfStreamException();
        }

        Bounded.Join(writer);
        Assert.Equal(all, back);
    }

    private static void Opening(WireWriter writer)
    {
        writer.WriteString("echo");
        writer.WriteString(string.Empty);
    }

    private static void Send(TunnelPair pair, FrameKind kind, ulong id, Action<WireWriter> write)
    {
        WireWriter writer = new();
        writer.WriteVariable(id);
        write(writer);
        pair.WorkerFrames.Write(kind, writer);
    }
}
