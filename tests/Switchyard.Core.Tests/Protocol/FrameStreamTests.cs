using System.Diagnostics;
using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Protocol;

public sealed class FrameStreamTests
{
    private static readonly Guid _build = Guid.NewGuid();

    [Fact]
    public void A_part_of_a_frame_is_heard_and_a_part_of_one_is_taken()
    {
        using MemoryStream bytes = new();
        FrameStream sender = new(new Unclosed(bytes));
        long before = Stopwatch.GetTimestamp();
        WireWriter writer = new();
        writer.WriteBytes(Pattern(1_000_000));
        sender.Write(FrameKind.Items, writer);
        Assert.True(sender.TakenAt >= before);

        // What comes is less than the frame, and then nothing.
        bytes.SetLength(bytes.Length / 2);
        bytes.Position = 0;
        using FrameStream receiver = new(new InSteps(bytes, 1000));
        Assert.Equal(0, receiver.HeardAt);
        Assert.Throws<EndOfStreamException>(() => receiver.Read(new WireReader()));
        Assert.True(receiver.HeardAt > before);
    }

    [Fact]
    public void Frames_arrive_whole_wherever_the_stream_is_cut()
    {
        Gen.Select(Gen.Int[0, 200_000].Array[1, 6], Gen.Int[1, 5000]).Sample((lengths, step) =>
        {
            using MemoryStream bytes = new();
            using (FrameStream sender = new(new Unclosed(bytes)))
            {
                foreach (int length in lengths)
                {
                    WireWriter writer = new();
                    writer.WriteCount(length);
                    writer.WriteBytes(Pattern(length));
                    sender.Write(FrameKind.Items, writer);
                    sender.Write(FrameKind.Heartbeat);
                }
            }

            bytes.Position = 0;
            using FrameStream receiver = new(new InSteps(bytes, step));
            WireReader reader = new();
            foreach (int length in lengths)
            {
                Assert.Equal(FrameKind.Items, receiver.Read(reader));
                Assert.Equal(length, reader.ReadCount(0));
                Assert.Equal(Pattern(length), reader.ReadBytes());
                Assert.Equal(FrameKind.Heartbeat, receiver.Read(reader));
            }

            Assert.Throws<EndOfStreamException>(() => receiver.Read(reader));
        }, iter: 60);
    }

    [Fact]
    public void Of_random_frames_none_does_more_than_end_its_connection()
    {
        // A million frames: of random bytes, and of true ones in which some bytes are not. An exception takes ten times as long on Windows.
        int count = OperatingSystem.IsWindows() ? 100_000 : 1_000_000;
        Random random = new(4711);
        byte[] bytes = new byte[64];
        WireReader reader = new();
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(bytes.Length);
            random.NextBytes(bytes);
            if (i % 2 == 0 && length >= FrameLimits.HeaderLength)
            {
                bytes[0] = (byte)(length - FrameLimits.HeaderLength);
                bytes[1] = bytes[2] = bytes[3] = 0;
                bytes[4] = (byte)random.Next(1, 67);
            }

            using FrameStream frames = new(new MemoryStream(bytes, 0, length, writable: true));
            try
            {
                while (true)
                {
                    _ = i % 3 == 0 ? frames.ReadHello(reader) : frames.Read(reader);
                    reader.ReadString();
                }
            }
            catch (Exception exception) when (exception is MalformedFrameException or EndOfStreamException)
            {
                // The only two ways to end.
            }
        }
    }

    [Fact]
    public async Task Noise_before_the_hello_is_passed_over()
    {
        DuplexPipe pipe = new();
        byte[] noise = [.. "Welcome! \x1b[31m\u0001swya\u0001swyar"u8];
        Task<WorkerHello> hearing = Bounded.Run(() =>
        {
            using FrameStream frames = new(pipe.Near);
            return WorkerHello.Receive(frames, _build);
        });
        pipe.Far.Write(noise);
        pipe.Far.Write(new byte[300_000]);
        using FrameStream far = new(pipe.Far);
        new WorkerHello(WorkerHello.CurrentVersion, _build, 17, true).Send(far);
        Assert.Equal(17, (await Bounded.Await(hearing)).ProcessId);
    }

    [Theory]
    [InlineData(WorkerHello.CurrentVersion + 1, true)]
    [InlineData(WorkerHello.CurrentVersion, false)]
    public void Another_version_or_build_is_refused(int version, bool isSameBuild)
    {
        using MemoryStream bytes = new();
        using (FrameStream far = new(new Unclosed(bytes)))
        {
            new WorkerHello(version, isSameBuild ? _build : Guid.NewGuid(), 1, true).Send(far);
        }

        bytes.Position = 0;
        using FrameStream frames = new(bytes);
        Assert.Throws<MalformedFrameException>(() => WorkerHello.Receive(frames, _build));
    }

    [Fact]
    public void Endless_noise_is_not_listened_to_for_ever()
    {
        using FrameStream frames = new(new MemoryStream(new byte[2 * 1024 * 1024]));
        Assert.Throws<MalformedFrameException>(() => WorkerHello.Receive(frames, _build));
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private sealed class Unclosed(Stream inner) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }

    private sealed class InSteps(Stream inner, int step) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(step, count));

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(step, buffer.Length)]);
    }
}
