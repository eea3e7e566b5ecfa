using System.Buffers.Binary;

namespace Switchyard.Core.Protocol;

/// <summary>What a remote worker may send, to the byte, and that it gets no further.</summary>
public sealed class FrameLimitsTests
{
    private static readonly Guid _build = Guid.NewGuid();

    [Theory]
    [InlineData(-1, FrameKind.Items)]
    [InlineData(int.MinValue, FrameKind.Items)]
    [InlineData(FrameLimits.MaxLength + 1, FrameKind.Items)]
    [InlineData(0, (FrameKind)0)]
    [InlineData(0, (FrameKind)255)]
    [InlineData(FrameLimits.MinBlobLength - 1, FrameKind.Blob)]
    public void A_header_that_no_frame_has_is_refused_before_its_content_is_read(int length, object kind)
    {
        using FrameStream frames = Receiver(Header(length, (FrameKind)kind));
        MalformedFrameException exception = Assert.Throws<MalformedFrameException>(() => frames.Read(new WireReader()));
        Assert.Equal(Messages.FrameUnknown, exception.Message);
    }

    [Theory]
    [InlineData(FrameLimits.MaxLength, FrameKind.Items)]
    [InlineData(FrameLimits.MinBlobLength, FrameKind.Blob)]
    public void One_that_a_frame_may_have_is_waited_for(int length, object kind)
    {
        using FrameStream frames = Receiver(Header(length, (FrameKind)kind));
        Assert.Throws<EndOfStreamException>(() => frames.Read(new WireReader()));
    }

    [Fact]
    public void The_first_frame_is_a_short_one_and_the_next_need_not_be()
    {
        byte[] hello = [.. Header(FrameLimits.MaxHelloLength, FrameKind.Hello), .. new byte[FrameLimits.MaxHelloLength]];
        byte[] items = [.. Header(FrameLimits.MaxHelloLength + 1, FrameKind.Items), .. new byte[FrameLimits.MaxHelloLength + 1]];
        using FrameStream frames = Receiver([.. hello, .. items]);
        WireReader reader = new();
        Assert.Equal(FrameKind.Hello, frames.ReadHello(reader));
        Assert.Equal(FrameLimits.MaxHelloLength, reader.Remaining);
        Assert.Equal(FrameKind.Items, frames.Read(reader));
        Assert.Equal(FrameLimits.MaxHelloLength + 1, reader.Remaining);
        Assert.Equal((reader.Position, reader.Remaining), (frames.ContentStart, frames.ContentLength));

        using FrameStream longHello = Receiver(items);
        Assert.Throws<MalformedFrameException>(() => longHello.ReadHello(reader));
    }

    [Fact]
    public void Large_arrays_belong_to_the_frame_after_them_alone()
    {
        byte[] blob = new byte[FrameLimits.MinBlobLength];
        blob[^1] = 9;
        byte[] reference = [0, 0];
        using FrameStream frames = Receiver(
            [.. Header(blob.Length, FrameKind.Blob), .. blob, .. Header(2, FrameKind.Items), .. reference, .. Header(2, FrameKind.Items), .. reference]);
        WireReader reader = new();
        frames.Read(reader);
        Assert.Equal(blob, Assert.Single(frames.TakeBlobs()));
        Assert.Equal(blob, reader.ReadBytes());
        Assert.True(frames.HasMore);
        frames.Read(reader);
        Assert.Empty(frames.TakeBlobs());
        Assert.Throws<MalformedFrameException>(() => reader.ReadBytes());
        Assert.False(frames.HasMore);
    }

    [Fact]
    public void A_large_frame_is_read_into_a_buffer_that_is_given_up_afterwards()
    {
        byte[] large = [.. Header(300_000, FrameKind.Items), .. new byte[300_000], .. Header(0, FrameKind.Heartbeat)];
        using FrameStream frames = Receiver(large);
        WireReader reader = new();
        frames.Read(reader);
        Assert.InRange(frames.Buffer.Length, 300_000, 600_000);
        frames.Read(reader);
        Assert.Throws<EndOfStreamException>(() => frames.Read(reader));
        Assert.Equal(64 * 1024, frames.Buffer.Length);
    }

    [Fact]
    public void A_length_alone_takes_no_memory()
    {
        using FrameStream frames = Receiver(Header(FrameLimits.MaxLength, FrameKind.Items));
        Assert.Throws<EndOfStreamException>(() => frames.Read(new WireReader()));
        Assert.Equal(64 * 1024, frames.Buffer.Length);
    }

    [Fact]
    public void A_frame_is_its_length_its_kind_and_its_content()
    {
        using MemoryStream sent = new();
        using FrameStream frames = new(sent);
        WireWriter writer = new();
        writer.WriteString("ab");
        frames.WriteMagic();
        frames.Write(FrameKind.Items, writer);
        frames.Write(FrameKind.Recall);
        frames.TryWrite(FrameKind.Heartbeat);
        Assert.Equal([1, .. "swyard"u8, 2, 3, 0, 0, 0, 2, 5, .. "ab"u8, 0, 0, 0, 0, 3, 0, 0, 0, 0, 65], sent.ToArray());
    }

    [Theory]
    [InlineData(1024 * 1024 - 8, true)]
    [InlineData(1024 * 1024 + 2, false)]
    public void Noise_of_a_megabyte_is_borne(int length, bool isBorne)
    {
        using MemoryStream sent = new();
        sent.Write(new byte[length]);
        sent.Write([1, .. "swyard"u8, 2]);

        using FrameStream frames = Receiver(sent.ToArray());
        if (isBorne)
        {
            frames.SkipToMagic();
            Assert.False(frames.HasMore);
        }
        else
        {
            Assert.Throws<MalformedFrameException>(frames.SkipToMagic);
        }
    }

    [Fact]
    public void A_magic_number_that_begins_anew_is_one()
    {
        using FrameStream frames = Receiver([1, 1, .. "swy"u8, 1, .. "swyard"u8, 2, 77]);
        frames.SkipToMagic();
        Assert.True(frames.HasMore);
        using FrameStream cut = Receiver([1, .. "swyard"u8]);
        Assert.Throws<EndOfStreamException>(cut.SkipToMagic);
    }

    [Fact]
    public void What_says_something_else_than_hello_is_no_worker()
    {
        using FrameStream frames = Receiver([1, .. "swyard"u8, 2, .. Header(0, FrameKind.Bye)]);
        MalformedFrameException exception = Assert.Throws<MalformedFrameException>(() => WorkerHello.Receive(frames, _build));
        Assert.Equal(Messages.AnswerNotFromWorker, exception.Message);
    }

    [Fact]
    public void Another_version_and_another_build_are_told_apart()
    {
        Assert.Equal(
            "The worker speaks version 2 of the protocol, and this module version 1. Install the same version of this module in both places.",
            Assert.Throws<MalformedFrameException>(() => Hear(new WorkerHello(2, _build, 1, true))).Message);
        Assert.Equal(
            Messages.WorkerOfAnotherBuild,
            Assert.Throws<MalformedFrameException>(() => Hear(new WorkerHello(WorkerHello.CurrentVersion, Guid.NewGuid(), 1, true))).Message);
        WorkerHello hello = new(WorkerHello.CurrentVersion, _build, 4711, false);
        Assert.Equal(hello, Hear(hello));

        static WorkerHello Hear(WorkerHello hello)
        {
            using MemoryStream sent = new();
            using FrameStream far = new(sent);
            hello.Send(far);
            using FrameStream frames = Receiver(sent.ToArray());
            return WorkerHello.Receive(frames, _build);
        }
    }

    private static byte[] Header(int length, object kind)
    {
        byte[] header = new byte[FrameLimits.HeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        header[4] = (byte)kind;
        return header;
    }

    private static FrameStream Receiver(byte[] bytes) => new(new MemoryStream(bytes));
}
