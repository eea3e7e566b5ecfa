using System.Buffers;
using System.Text;
using CsCheck;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal;

public sealed class JournalLineTests
{
    private static readonly Gen<string> _text = Gen.OneOf(
        Gen.String, Gen.String[Gen.Char["\"\\\n\r\t\0\u2028 ä😀é{}[]"], 0, 20], Gen.Const(string.Empty));

    private static readonly Gen<DateTimeOffset> _time =
        Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<TimeSpan> _duration = Gen.Long[0, 1L << 40].Select(microseconds => TimeSpan.FromTicks(microseconds * 10));

    [Fact]
    public void An_entry_is_read_as_it_was_written() =>
        Gen.Select(
            Gen.Select(Gen.ULong, Gen.ULong, Gen.Long[0, long.MaxValue], Gen.Enum<ItemStatus>(), Gen.Enum<ItemKind>()),
            Gen.Select(_text, _text, _text, Gen.Bool, Gen.Int),
            Gen.Select(_time, _time, _duration, _duration, Gen.Int[0, 9], Gen.Int[1, 500])).Sample((identity, texts, times) =>
        {
            JournalEntry entry = new()
            {
                Key = new ItemKey(identity.Item1, identity.Item2),
                Index = identity.Item3,
                Status = identity.Item4,
                Item = new ItemDescription(identity.Item5, Valid(texts.Item1), texts.Item4 ? Valid(texts.Item2) : null),
                StartedAt = times.Item1,
                EndedAt = times.Item2,
                QueueTime = times.Item3,
                Duration = times.Item4,
                GroupSize = times.Item6,
                Attempts = times.Item5,
                WorkerId = times.Item6,
                ExitCode = texts.Item4 ? texts.Item5 : null,
                Error = texts.Item4 ? new ErrorDescription(Valid(texts.Item2), Valid(texts.Item3)) : null,
            };
            byte[] line = Write(lines => lines.Write(entry));
            Assert.Equal(line.Length - 1, Array.IndexOf(line, (byte)'\n'));
            Assert.Equal(entry, new JournalLineReader(keysOnly: false).Read(line.AsSpan(..^1), out _).Entry);
            JournalEntry? key = new JournalLineReader(keysOnly: true).Read(line.AsSpan(..^1), out _).Entry;
            Assert.Equal((entry.Key, entry.Status), (key!.Key, key.Status));
        });

    [Fact]
    public void Lines_are_written_as_the_first_version_wrote_them()
    {
        DateTimeOffset time = new(2026, 1, 2, 3, 4, 5, 600, TimeSpan.Zero);
        JournalRun run = new() { Number = 2, StartedAt = time, ProcessId = 7, MachineName = "m", Command = "C", Work = "{ \"$_\" é }", Settings = new Dictionary<string, string> { ["Name"] = "1" } };
        JournalEntry entry = new()
        {
            Key = new ItemKey(1, 2), Index = 3, Status = ItemStatus.Failed, Item = new ItemDescription(ItemKind.Other, "<a>", "<x/>"),
            StartedAt = time, EndedAt = time, QueueTime = TimeSpan.FromMicroseconds(1500), Duration = TimeSpan.FromSeconds(2),
            Attempts = 1, WorkerId = 4, ExitCode = 5, Error = new ErrorDescription("I", "m"),
        };
        string lines = Encoding.UTF8.GetString(
        [
            .. Write(lines => lines.Write(run)),
            .. Write(lines => lines.Write(entry)),
            .. Write(lines => lines.Write(entry with { Status = ItemStatus.Succeeded, Item = new ItemDescription(ItemKind.Text, "t"), ExitCode = null, Error = null })),
            .. Write(lines => lines.Write(new JournalRunEnd("Completed", time, 1, 2, 3, 4))),
        ]);
        Assert.Equal(
            """
            {"event":"run","version":1,"run":2,"started":"2026-01-02T03:04:05.6Z","process":7,"machine":"m","command":"C","work":"{ \"$_\" é }","settings":{"Name":"1"}}
            {"event":"item","key":"00000000000000010000000000000002","index":3,"status":"Failed","kind":"Other","text":"<a>","clixml":"<x/>","started":"2026-01-02T03:04:05.6Z","ended":"2026-01-02T03:04:05.6Z","queueMs":1.5,"runMs":2000,"attempts":1,"worker":4,"exitCode":5,"error":{"id":"I","message":"m"}}
            {"event":"item","key":"00000000000000010000000000000002","index":3,"status":"Succeeded","kind":"Text","text":"t","started":"2026-01-02T03:04:05.6Z","ended":"2026-01-02T03:04:05.6Z","queueMs":1.5,"runMs":2000,"attempts":1,"worker":4}
            {"event":"end","reason":"Completed","ended":"2026-01-02T03:04:05.6Z","read":1,"succeeded":2,"failed":3,"doneBefore":4}

            """.ReplaceLineEndings("\n"),
            lines);
    }

    [Fact]
    public void A_text_that_is_no_Unicode_is_written_all_the_same()
    {
        JournalEntry entry = new() { Item = new ItemDescription(ItemKind.Text, "a\ud800b"), Error = new ErrorDescription("\udc00", "m") };
        byte[] line = Write(lines => lines.Write(entry));
        Assert.Equal("a\ufffdb", new JournalLineReader(keysOnly: false).Read(line.AsSpan(..^1), out _).Entry!.Item.Text);
    }

    [Fact]
    public void Of_an_item_that_succeeded_a_very_long_text_is_cut()
    {
        JournalEntry entry = new() { Item = new ItemDescription(ItemKind.Text, new string('x', 100_000)) };
        Assert.InRange(Write(lines => lines.Write(entry)).Length, 4_000, 6_000);
        Assert.True(Read(entry).IsCut);
        Assert.Equal(100_000, Read(entry with { Status = ItemStatus.Failed }).Item.Text.Length);
    }

    [Fact]
    public void A_run_is_read_as_it_was_written() =>
        Gen.Select(Gen.Int[1, 99], _time, Gen.Int[0, 99999], _text, Gen.Dictionary(_text.Select(Valid), _text.Select(Valid))[0, 5]).Sample((number, time, process, text, settings) =>
        {
            JournalRun run = new() { Number = number, StartedAt = time, ProcessId = process, Command = "C", Work = Valid(text), MachineName = "m", Settings = settings };
            byte[] line = Write(lines => lines.Write(run));
            JournalRun read = new JournalLineReader(keysOnly: true).Read(line.AsSpan(..^1), out int version).Run!;
            Assert.Equal(1, version);
            Assert.Equal(run with { Settings = read.Settings }, read);
            Assert.Equal(settings.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.Settings.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        });

    [Fact]
    public void What_a_newer_version_adds_is_passed_over()
    {
        const string Line = """{"event":"item","new":{"a":[1,{"b":2}]},"key":"00000000000000000000000000000001","status":"Failed","more":[],"index":3}""";
        JournalEntry entry = new JournalLineReader(keysOnly: false).Read(Encoding.UTF8.GetBytes(Line), out _).Entry!;
        Assert.Equal((3L, ItemStatus.Failed), (entry.Index, entry.Status));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"event\":\"item\"}")]
    [InlineData("{\"event\":\"item\",\"key\":\"1\",\"status\":\"Failed\"}")]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":\"Odd\"}")]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":\"Failed\"}{}")]
    [InlineData("{\"event\":\"item\",\"status\":\"Failed\"}")]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":99}")]
    [InlineData("{\"event\":\"item\",\"key\":\"00000000000000000000000000000001\",\"status\":\"Failed\",\"index\":{}}")]
    [InlineData("{\"event\":\"run\"}")]
    [InlineData("{\"event\":\"odd\"}")]
    [InlineData("{\"key\":\"00000000000000000000000000000001\",\"event\":\"item\",\"status\":\"Failed\"}")]
    public void What_is_no_line_is_refused(string line) =>
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => new JournalLineReader(keysOnly: false).Read(Encoding.UTF8.GetBytes(line), out _));

    private static JournalEntry Read(JournalEntry entry) =>
        new JournalLineReader(keysOnly: false).Read(Write(lines => lines.Write(entry)).AsSpan(..^1), out _).Entry!;

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] Write(Action<JournalLineWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using JournalLineWriter lines = new(buffer);
        write(lines);
        return buffer.WrittenSpan.ToArray();
    }
}
