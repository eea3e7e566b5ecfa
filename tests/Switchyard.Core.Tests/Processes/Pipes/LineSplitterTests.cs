using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Processes.Pipes;

public sealed class LineSplitterTests
{
    // A byte at a time, and all at once.
    private static readonly int[] _cuts = [1, 1000];

    // Small steps between ends, marks and characters of one to four bytes, some of them broken.
    private static readonly Gen<string> _text =
        Texts.OneOf("\n", "\r", "\r\n", "a", "bc d", "ä", "日", "😀", "\ufeff", "\ud83d", "\0").Array[0, 20].Select(string.Concat);

    private static readonly Gen<Encoding> _encoding = Texts.OneOf<Encoding>(
        new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1);

    [Fact]
    public void Lines_are_those_of_the_whole_text_however_it_is_cut() =>
        Gen.Select(_text, _encoding, Gen.Bool, Gen.Bool, Gen.Int[1, 7].Array[1, 10]).Sample((text, encoding, hasMark, carriageReturnEnds, cuts) =>
        {
            byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)];
            Assert.Equal(SplitNaively(bytes, encoding, carriageReturnEnds), Split(bytes, encoding, carriageReturnEnds, cuts));
        });

    [Fact]
    public void Bytes_that_are_no_text_are_cut_like_any() =>
        Gen.Select(Gen.Byte.Array[0, 60], _encoding, Gen.Int[1, 7].Array[1, 10]).Sample((bytes, encoding, cuts) =>
            Assert.Equal(SplitNaively(bytes, encoding, false), Split(bytes, encoding, false, cuts)));

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("a\r\nb\rc\r\n", "a|b\rc")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("a\r", "a\r")]
    public void A_return_by_itself_is_part_of_the_line(string text, string expected) =>
        Assert.All(_cuts, cut => Assert.Equal(expected, string.Join('|', Split(Encoding.UTF8.GetBytes(text), Encoding.UTF8, false, [cut]))));

    [Theory]
    [InlineData("10%\r20%\r30%\n", "10%|20%|30%")]
    [InlineData("\r10%\r20%\r\ndone\r\n", "10%|20%|done")]
    [InlineData("a\n\rb\n", "a|b")]
    [InlineData("a\r\n\r\nb", "a||b")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("a\r", "a")]
    [InlineData("\r", "")]
    public void A_return_ends_what_there_is_where_it_ends_lines(string text, string expected) =>
        Assert.All(_cuts, cut => Assert.Equal(expected, string.Join('|', Split(Encoding.UTF8.GetBytes(text), Encoding.UTF8, true, [cut]))));

    [Fact]
    public void Nothing_but_a_mark_is_no_line() => Assert.Empty(Split(Encoding.UTF8.GetPreamble(), Encoding.UTF8, false, [1]));

    [Fact]
    public void A_line_is_handed_on_as_soon_as_its_end_is_there()
    {
        List<string> lines = [];
        LineSplitter splitter = new(Encoding.UTF8, lines.Add, carriageReturnEnds: true);
        splitter.Add("50%\r"u8);
        Assert.Equal(["50%"], lines);
        splitter.Add("\n100%\nrest"u8);
        Assert.Equal(["50%", "100%"], lines);
    }

    [Theory]
    [InlineData("12345\r\n12345\n12345", false)]
    [InlineData("123456", true)]
    [InlineData("1234\r5\n", true)]
    [InlineData("12345\r", true)]
    public void A_line_may_be_as_long_as_allowed_and_no_longer(string text, bool fails) => Assert.All(_cuts, cut =>
    {
        Exception? exception = Record.Exception(() => Split(Encoding.UTF8.GetBytes(text), Encoding.UTF8, false, [cut], maxLength: 5));
        Assert.Equal(fails, exception is LineTooLongException);
    });

    [Fact]
    public void A_long_line_takes_time_in_proportion_to_its_length()
    {
        byte[] bytes = new byte[50_000_000];
        Array.Fill(bytes, (byte)'x');
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(bytes.Length, Assert.Single(Split(bytes, Encoding.UTF8, true, [1000])).Length);

        // A tenth of a second; were it quadratic, minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    private static List<string> Split(byte[] bytes, Encoding encoding, bool carriageReturnEnds, int[] cuts, int maxLength = int.MaxValue)
    {
        List<string> lines = [];
        LineSplitter splitter = new(encoding, lines.Add, carriageReturnEnds, maxLength);
        int at = 0;
        for (int i = 0; at < bytes.Length; i++)
        {
            int length = Math.Min(cuts[i % cuts.Length], bytes.Length - at);
            splitter.Add(bytes.AsSpan(at, length));
            at += length;
        }

        splitter.Flush();
        return lines;
    }

    private static List<string> SplitNaively(byte[] bytes, Encoding encoding, bool carriageReturnEnds)
    {
        byte[] mark = encoding.CodePage == Encoding.UTF8.CodePage ? Encoding.UTF8.GetPreamble() : encoding.GetPreamble();
        string text = encoding.GetString(mark.Length > 0 && bytes.AsSpan().StartsWith(mark) ? bytes[mark.Length..] : bytes);
        if (carriageReturnEnds)
        {
            // A return with nothing before it and no newline behind it does nothing.
            text = Regex.Replace(text, @"(?<=^|[\r\n])\r(?!\n)", string.Empty);
            text = Regex.Replace(text, @"\r(?!\n)", "\n");
        }

        List<string> lines = [.. Regex.Split(text, "\r?\n")];
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }
}
