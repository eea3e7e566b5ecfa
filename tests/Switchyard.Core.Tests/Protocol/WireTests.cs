using CsCheck;

namespace Switchyard.Core.Protocol;

public sealed class WireTests
{
    private static readonly Gen<string?> _text = Gen.OneOf(
        Gen.Const((string?)null), Gen.String.Select(text => (string?)text), Gen.Char.Array[0, 50].Select(chars => (string?)new string(chars)));

    private static readonly Gen<byte[]> _bytes = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte.Array[FrameLimits.MinBlobLength - 1, FrameLimits.MinBlobLength + 1]);

    [Fact]
    public void What_was_written_is_read()
    {
        Gen.Select(Gen.ULong, Gen.Long, Gen.Int[0, int.MaxValue / 4], _text, _bytes, Gen.Bool).Sample((number, signed, count, text, bytes, truth) =>
        {
            WireWriter writer = new();
            writer.WriteVariable(number);
            int part = writer.BeginPart();
            writer.WriteSigned(signed);
            writer.WriteString(text);
            writer.EndPart(part);
            writer.WriteBytes(bytes);
            writer.WriteInt64(signed);
            writer.WriteBoolean(truth);
            WireReader reader = Reader(writer);
            Assert.Equal(number, reader.ReadVariable());
            int end = reader.BeginPart();
            Assert.Equal(signed, reader.ReadSigned());
            Assert.Equal(text, reader.ReadString());
            reader.EndPart(end);
            Assert.Equal(bytes, reader.ReadBytes());
            Assert.Equal(signed, reader.ReadInt64());
            Assert.Equal(truth, reader.ReadBoolean());
            Assert.Equal(0, reader.Remaining);
            Assert.True(count >= 0);
        });
    }

    [Fact]
    public void What_was_taken_back_leaves_nothing()
    {
        WireWriter writer = new();
        writer.WriteString("before");
        WireMark mark = writer.Mark();
        writer.WriteBytes(new byte[FrameLimits.MinBlobLength * 2]);
        writer.WriteString("gone");
        writer.Undo(mark);
        byte[] kept = [.. Enumerable.Range(0, FrameLimits.MinBlobLength).Select(i => (byte)i)];
        writer.WriteBytes(kept);
        WireReader reader = Reader(writer);
        Assert.Equal("before", reader.ReadString());
        Assert.Equal(kept, reader.ReadBytes());
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(writer.Length + kept.Length, writer.TotalLength);
    }

    [Fact]
    public void Whatever_the_bytes_are_no_more_is_read_than_there_is()
    {
        Gen.Select(Gen.Byte.Array[0, 64], Gen.Int[0, 7].Array[1, 12]).Sample((bytes, reads) =>
        {
            WireReader reader = new();
            reader.Reset(bytes, 0, bytes.Length, []);
            try
            {
                foreach (int read in reads)
                {
                    Read(reader, read);
                }
            }
            catch (MalformedFrameException)
            {
                // As it should be: there is no other way out but to have read something.
            }

            Assert.InRange(reader.Position, 0, bytes.Length);
        }, iter: 20_000);
    }

    [Fact]
    public void A_value_that_is_too_large_is_refused_before_it_is_sent()
    {
        WireWriter writer = new();
        string large = new('x', 100_000_000);
        Assert.Throws<FrameTooLargeException>(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                writer.WriteString(large);
            }
        });
    }

    private static void Read(WireReader reader, int what)
    {
        _ = what switch
        {
            0 => reader.ReadVariable(),
            1 => (object?)reader.ReadString(),
            2 => reader.ReadBytes(),
            3 => reader.ReadInt64(),
            4 => reader.ReadCount(),
            5 => reader.ReadBoolean(),
            6 => reader.BeginPart(),
            _ => reader.ReadSigned(),
        };
    }

    private static WireReader Reader(WireWriter writer)
    {
        byte[] content = writer.ToArray();
        WireReader reader = new();
        reader.Reset(content, 0, content.Length, writer.Blobs);
        return reader;
    }
}
