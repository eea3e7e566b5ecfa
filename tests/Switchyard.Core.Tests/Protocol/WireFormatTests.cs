
namespace Switchyard.Core.Protocol;

/// <summary>What stands on the wire, to the byte: both ends have to agree on it, and a remote worker may send anything.</summary>
public sealed class WireFormatTests
{
    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(0x7f, new byte[] { 0x7f })]
    [InlineData(0x80, new byte[] { 0x80, 1 })]
    [InlineData(300, new byte[] { 0xac, 2 })]
    [InlineData(ulong.MaxValue, new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 })]
    public void Small_numbers_take_a_byte(ulong value, byte[] expected)
    {
        Assert.Equal(expected, Written(writer => writer.WriteVariable(value)));
        Assert.Equal(value, Reader(expected).ReadVariable());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(1, 2)]
    [InlineData(-64, 127)]
    public void Signed_numbers_near_zero_take_a_byte(long value, byte expected)
    {
        Assert.Equal([expected], Written(writer => writer.WriteSigned(value)));
        Assert.Equal(value, Reader(expected).ReadSigned());
    }

    [Fact]
    public void Texts_are_bytes_where_they_can_be()
    {
        Assert.Equal([0], Written(writer => writer.WriteString(null)));
        Assert.Equal([1], Written(writer => writer.WriteString("")));
        Assert.Equal([5, (byte)'a', (byte)'b'], Written(writer => writer.WriteString("ab")));
        Assert.Equal([4, 0xe4, 0], Written(writer => writer.WriteString("ä")));
        Assert.Equal([5, 9, 8], Written(writer => writer.WriteBytes([9, 8])));
    }

    [Fact]
    public void Only_bytes_of_texts_can_be_had_as_bytes()
    {
        WireReader reader = Reader([5, (byte)'a', (byte)'b', 4, 0xe4, 0, 0]);
        int start = reader.Position;
        Assert.True(reader.TryReadAscii(out ReadOnlySpan<byte> bytes));
        Assert.Equal("ab"u8.ToArray(), bytes.ToArray());
        Assert.False(reader.TryReadAscii(out bytes));
        Assert.Equal(0, bytes.Length);
        Assert.Equal(start + 3, reader.Position);
        Assert.Equal("ä", reader.ReadText());
        Assert.False(reader.TryReadAscii(out _));
        Assert.Null(reader.ReadString());

        reader = Reader([7, (byte)'a', (byte)'b']);
        Assert.False(reader.TryReadAscii(out _));
        Assert.Equal(start, reader.Position);
        Assert.Throws<MalformedFrameException>(() => reader.ReadString());
    }

    [Fact]
    public void A_byte_of_a_text_is_a_character() => Assert.Equal("ÿ", Reader([3, 0xff]).ReadString());

    [Fact]
    public void What_is_cut_off_or_means_nothing_is_told_as_what_it_is()
    {
        Refused(Messages.FrameCutOff, [], reader => reader.ReadByte());
        Refused(Messages.FrameTruthValue, [2], reader => reader.ReadBoolean());
        Refused(Messages.FrameNumberTooLong, [.. Enumerable.Repeat((byte)0x80, 10), 1], reader => reader.ReadVariable());
        Refused(Messages.FrameCutOff, [2, 0], reader => reader.ReadCount());
        Refused(Messages.FrameCutOff, [2, 0, 0, 0], reader => reader.ReadCount(2));
        Refused(Messages.FrameCutOff, [1, 2, 3], reader => reader.ReadRaw(4));
        Refused(Messages.FrameCutOff, [1, 2, 3], reader => reader.ReadRaw(-1));
        Refused(Messages.FrameTextMissing, [0], reader => reader.ReadText());
        Refused(Messages.FrameCutOff, [6, 0, 0], reader => reader.ReadString());
        Refused(Messages.FrameCutOff, [7, 0, 0], reader => reader.ReadBytes());
        Refused(Messages.FrameCutOff, [4, 0, 0], reader => reader.ReadBytes());
        Refused(Messages.FrameCutOff, [0, 0], reader => reader.ReadBytes());
        Refused(Messages.FrameCutOff, [2, 0, 0, 0, 1], reader => reader.BeginPart());
        Refused(Messages.FrameCutOff, [0xff, 0xff, 0xff, 0xff, 1], reader => reader.BeginPart());
        Refused(Messages.FramePartTooLong, [1, 0, 0, 0, 1, 1], reader =>
        {
            int end = reader.BeginPart();
            reader.ReadRaw(2);
            reader.EndPart(end);
        });
    }

    [Fact]
    public void As_many_as_there_is_room_for_can_be_meant()
    {
        Assert.Equal(2, Reader([2, 0, 0]).ReadCount());
        Assert.Equal(1, Reader([1, 0, 0]).ReadCount(2));
        Assert.Equal(127, Reader([127]).ReadCount(0));
        Assert.Equal(FrameLimits.MaxLength, Reader(Written(writer => writer.WriteCount(FrameLimits.MaxLength))).ReadCount(0));
        Assert.Throws<MalformedFrameException>(() => Reader(Written(writer => writer.WriteCount(FrameLimits.MaxLength + 1))).ReadCount(0));
    }

    [Fact]
    public void A_part_can_be_left_wherever_reading_has_stopped()
    {
        WireReader reader = Reader([3, 0, 0, 0, 1, 2, 3, 4]);
        int end = reader.BeginPart();
        reader.ReadByte();
        reader.EndPart(end);
        Assert.Equal(4, reader.ReadByte());
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Large_arrays_travel_by_themselves_unless_they_may_not()
    {
        byte[] large = new byte[FrameLimits.MinBlobLength];
        WireWriter writer = new();
        writer.WriteBytes(large[1..]);
        Assert.Empty(writer.Blobs);
        writer.WriteBytes(large);
        Assert.Same(large, Assert.Single(writer.Blobs));
        Assert.Equal(3 + large.Length - 1 + 2, writer.Length);
        Assert.Equal(writer.Length + large.Length, writer.TotalLength);

        WireWriter inside = new() { SendsBlobs = false };
        inside.WriteBytes(large);
        Assert.Empty(inside.Blobs);
        Assert.Equal(inside.Length, inside.TotalLength);
        Assert.Equal(large, Reader(inside.ToArray()).ReadBytes());
    }

    [Fact]
    public void What_is_cleared_is_empty_and_may_be_filled_again()
    {
        WireWriter writer = new();
        Assert.True(writer.IsEmpty);
        writer.WriteBytes(new byte[FrameLimits.MinBlobLength]);
        Assert.False(writer.IsEmpty);
        writer.Clear();
        Assert.True(writer.IsEmpty);
        Assert.Equal((0, 0L), (writer.Length, writer.TotalLength));
        Assert.Empty(writer.Blobs);
        writer.WriteRaw(new byte[2 * 1024 * 1024]);
        writer.Clear();
        writer.WriteByte(7);
        Assert.Equal([7], writer.ToArray());
    }

    [Fact]
    public void A_mark_keeps_the_arrays_before_it()
    {
        byte[] kept = new byte[FrameLimits.MinBlobLength];
        WireWriter writer = new();
        writer.WriteBytes(kept);
        WireMark mark = writer.Mark();
        writer.WriteBytes(new byte[FrameLimits.MinBlobLength + 1]);
        writer.WriteBytes(new byte[FrameLimits.MinBlobLength + 2]);
        writer.Undo(mark);
        Assert.Same(kept, Assert.Single(writer.Blobs));
        Assert.Equal(2 + kept.Length, writer.TotalLength);
    }

    [Fact]
    public void Content_grows_past_its_buffer_byte_by_byte()
    {
        byte[] expected = new byte[10_000];
        new Random(1).NextBytes(expected);
        Assert.Equal(expected, Written(writer => Array.ForEach(expected, writer.WriteByte)));
    }

    private static void Refused(string message, byte[] bytes, Action<WireReader> read) =>
        Assert.Equal(message, Assert.Throws<MalformedFrameException>(() => read(Reader(bytes))).Message);

    private static byte[] Written(Action<WireWriter> write)
    {
        WireWriter writer = new();
        write(writer);
        return writer.ToArray();
    }

    private static WireReader Reader(params byte[] bytes)
    {
        WireReader reader = new();

        // Not at the beginning of its buffer, as no content of a frame is.
        reader.Reset([0xee, .. bytes, 0xee], 1, bytes.Length, []);
        return reader;
    }
}
