using CsCheck;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Executables;

/// <summary>Blocks of a stream and of a file: the same ones, whole lines, and together all of it.</summary>
public sealed class BlockTests : IDisposable
{
    // Many line ends, some of them two bytes, and characters of several.
    private static readonly Gen<byte[]> _content = Gen.OneOf(
            Gen.Const("\n"), Gen.Const("\r\n"), Gen.Const("a"), Gen.Const("äö"), Gen.Const("€"), Gen.Const("😀"), Gen.Const("\0"), Gen.Const("line of some length\n"))
        .Array[0, 400].Select(parts => System.Text.Encoding.UTF8.GetBytes(string.Concat(parts)));

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("switchyard-test-").FullName, "content");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void Blocks_of_a_stream_are_whole_lines_and_together_the_stream() => Gen.Select(_content, Gen.Int[1, 300], Gen.Int[1, 500]).Sample((content, size, chunk) =>
    {
        List<byte[]> blocks = Cut(content, size, chunk);
        Assert.Equal(content, blocks.SelectMany(block => block));
        AssertLines(blocks, size);
    });

    [Fact]
    public void Blocks_of_a_file_are_those_of_its_bytes() => Gen.Select(_content, Gen.Int[1, 300]).Sample(
        (content, size) =>
        {
            File.WriteAllBytes(_path, content);
            using SafeFileHandle file = FileBlocks.Open(_path);
            Assert.Equal(Cut(content, size, 64), FileBlocks.Cut(_path, _ => size).Select(part => Read(file, part, most: 50)));
        },
        threads: 1);

    [Fact]
    public void A_file_is_cut_into_no_more_blocks_than_wanted_and_each_is_a_share() => Gen.Select(_content, Gen.Int[1, 9]).Sample(
        (content, workers) =>
        {
            File.WriteAllBytes(_path, content);
            FilePart[] parts = [.. FileBlocks.Cut(_path, length => (length + workers - 1) / workers)];
            Assert.InRange(parts.Length, content.Length == 0 ? 0 : 1, workers);
            Assert.Equal(content.Length, parts.Sum(part => part.Length));
        },
        threads: 1);

    [Fact]
    public void A_line_longer_than_a_block_and_than_what_is_read_at_a_time_is_in_one()
    {
        byte[] content = [.. Enumerable.Repeat((byte)'x', 20_000), (byte)'\n', (byte)'y'];
        File.WriteAllBytes(_path, content);
        Assert.Equal([new FilePart(_path, 0, 20_001), new FilePart(_path, 20_001, 1)], FileBlocks.Cut(_path, _ => 10));
        Assert.Equal([20_001, 1], Cut(content, 10, 4096).Select(block => block.Length));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void What_has_other_line_ends_is_refused(string encoding)
    {
        File.WriteAllText(_path, "a\nb\n", System.Text.Encoding.GetEncoding(encoding));
        Assert.Throws<InvalidDataException>(() => FileBlocks.Cut(_path, _ => 1).ToArray());
    }

    [Fact]
    public void A_file_that_has_become_shorter_is_an_error()
    {
        File.WriteAllBytes(_path, new byte[100]);
        using SafeFileHandle file = FileBlocks.Open(_path);
        Assert.Throws<EndOfStreamException>(() => Read(file, new FilePart(_path, 50, 100), most: 30));
    }

    private static List<byte[]> Cut(byte[] content, int size, int chunk)
    {
        BlockCutter cutter = new(size);
        List<byte[]> blocks = [];
        foreach (byte[] some in content.Chunk(chunk))
        {
            for (int taken = 0; taken < some.Length;)
            {
                taken += cutter.Add(some.AsSpan(taken), out byte[]? block);
                if (block is not null)
                {
                    blocks.Add(block);
                }
            }
        }

        return cutter.TakeRest() is { } rest ? [.. blocks, rest] : blocks;
    }

    private static void AssertLines(List<byte[]> blocks, int size)
    {
        Assert.All(blocks, block => Assert.NotEmpty(block));
        foreach (byte[] block in blocks.SkipLast(1))
        {
            Assert.Equal((byte)'\n', block[^1]);
            Assert.InRange(block.Length, size, int.MaxValue);

            // No line more than it takes.
            Assert.Equal(-1, block.AsSpan(size - 1, block.Length - size).IndexOf((byte)'\n'));
        }
    }

    private static byte[] Read(SafeFileHandle file, FilePart part, int most)
    {
        Func<ReadOnlyMemory<byte>> read = FileBlocks.Read(file, part, most);
        List<byte> content = [];
        for (ReadOnlyMemory<byte> next = read(); !next.IsEmpty; next = read())
        {
            content.AddRange(next.Span);
        }

        return [.. content];
    }
}
