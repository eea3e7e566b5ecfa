using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal;

/// <summary>What stands in a journal's lines, to the letter: other tools and later versions read them.</summary>
public sealed class JournalFormatTests
{
    private const string Key = "\"key\":\"00000000000000010000000000000002\"";

    private static readonly DateTimeOffset _time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void A_run_is_written_like_this() =>
        Assert.Equal(
            """
            {"event":"run","version":1,"run":3,"started":"2026-01-02T03:04:05.678Z","process":17,"machine":"m","command":"Invoke-ThreadedBatch","work":"{ $_ }","settings":{"ThrottleLimit":"4"}}

            """.ReplaceLineEndings("\n"),
            Write(lines => lines.Write(new JournalRun
            {
                Number = 3,
                StartedAt = _time,
                ProcessId = 17,
                MachineName = "m",
                Command = "Invoke-ThreadedBatch",
                Work = "{ $_ }",
                Settings = new Dictionary<string, string> { ["ThrottleLimit"] = "4" },
            })));

    [Fact]
    public void An_item_is_written_like_this()
    {
        JournalEntry entry = new()
        {
            Key = new ItemKey(1, 2),
            Index = 7,
            Status = ItemStatus.Failed,
            Item = new ItemDescription(ItemKind.Other, "text", "<xml/>"),
            StartedAt = _time,
            EndedAt = _time.AddSeconds(1),
            QueueTime = TimeSpan.FromMicroseconds(1500.4),
            Duration = TimeSpan.FromMilliseconds(999),
            Attempts = 2,
            WorkerId = 4,
            ExitCode = 9,
            Error = new ErrorDescription("id", "why"),
        };
        Assert.Equal(
            $$$"""
            {"event":"item",{{{Key}}},"index":7,"status":"Failed","kind":"Other","text":"text","clixml":"<xml/>","started":"2026-01-02T03:04:05.678Z","ended":"2026-01-02T03:04:06.678Z","queueMs":1.5,"runMs":999,"attempts":2,"worker":4,"exitCode":9,"error":{"id":"id","message":"why"}}

            """.ReplaceLineEndings("\n"),
            Write(lines => lines.Write(entry)));
        Assert.EndsWith(
            "\"worker\":4}\n", Write(lines => lines.Write(entry with { ExitCode = null, Error = null })), StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_is_written_like_this_and_read_back()
    {
        JournalRunEnd end = new("Completed", _time, 10, 7, 1, 2);
        string line = Write(lines => lines.Write(end));
        Assert.Equal(
            "{\"event\":\"end\",\"reason\":\"Completed\",\"ended\":\"2026-01-02T03:04:05.678Z\",\"read\":10,\"succeeded\":7,\"failed\":1,\"doneBefore\":2}\n", line);
        Assert.Equal(end, Read(line).End);
        Assert.Equal(end, Read(line.Replace("\"read\"", "\"new\":{\"read\":1},\"read\"", StringComparison.Ordinal)).End);
    }

    [Theory]
    [InlineData(ItemLine.MaxText, ItemStatus.Succeeded, false)]
    [InlineData(ItemLine.MaxText + 1, ItemStatus.Succeeded, true)]
    [InlineData(ItemLine.MaxText + 1, ItemStatus.Failed, false)]
    public void Only_what_is_too_long_is_cut(int length, ItemStatus status, bool isCut)
    {
        JournalEntry read = Read(Write(lines => lines.Write(new JournalEntry { Status = status, Item = new ItemDescription(ItemKind.Text, new string('x', length)) }))).Entry!;
        Assert.Equal((isCut, isCut ? ItemLine.MaxText : length), (read.IsCut, read.Item.Text.Length));
    }

    [Fact]
    public void Only_halves_of_characters_are_replaced()
    {
        foreach ((string text, string expected) in new[]
        {
            ("a\ud83d\ude00b", "a\ud83d\ude00b"), ("\ud83d\ude00\ud83d", "\ud83d\ude00\ufffd"), ("\ude00", "\ufffd"),
        })
        {
            JournalEntry read = Read(Write(lines => lines.Write(new JournalEntry
            {
                Status = ItemStatus.Failed,
                Item = new ItemDescription(ItemKind.Other, text, text),
                Error = new ErrorDescription(text, text),
            }))).Entry!;
            Assert.Equal((new ItemDescription(ItemKind.Other, expected, expected), new ErrorDescription(expected, expected)), (read.Item, read.Error));
        }
    }

    [Theory]
    [InlineData("{\"key\":\"x\"}", nameof(Messages.JournalLineWithoutKind))]
    [InlineData("[]", nameof(Messages.JournalLineShape))]
    [InlineData("{}", nameof(Messages.JournalLineShape))]
    [InlineData("{\"event\":1}", nameof(Messages.JournalLineShape))]
    [InlineData("{\"event\":\"odd\"}", nameof(Messages.JournalLineKindUnknown))]
    [InlineData("{\"event\":\"run\",\"run\":1}", nameof(Messages.JournalWithoutVersion))]
    [InlineData("{\"event\":\"run\",\"version\":1.5}", nameof(Messages.JournalProperty), "version")]
    [InlineData("{\"event\":\"run\",\"version\":\"1\"}", nameof(Messages.JournalProperty), "version")]
    [InlineData("{\"event\":\"run\",\"version\":1,\"started\":\"soon\"}", nameof(Messages.JournalProperty), "started")]
    [InlineData("{\"event\":\"run\",\"version\":1,\"started\":5}", nameof(Messages.JournalProperty), "started")]
    [InlineData("{\"event\":\"run\",\"version\":1,\"settings\":[]}", nameof(Messages.JournalProperty), "settings")]
    [InlineData("{\"event\":\"run\",\"version\":1,\"settings\":{\"a\":1}}", nameof(Messages.JournalProperty), "settings.a")]
    [InlineData("{\"event\":\"item\"," + Key + "}", nameof(Messages.JournalItemWithoutEnd))]
    [InlineData("{\"event\":\"item\",\"status\":\"Failed\"}", nameof(Messages.JournalItemWithoutEnd))]
    [InlineData("{\"event\":\"item\"," + Key + ",\"status\":\"Odd\"}", nameof(Messages.JournalNameUnknown))]
    [InlineData("{\"event\":\"item\"," + Key + ",\"status\":\"77\"}", nameof(Messages.JournalNameUnknown))]
    [InlineData("{\"event\":\"item\"," + Key + ",\"status\":\"Failed\",\"runMs\":\"1\"}", nameof(Messages.JournalProperty), "runMs")]
    [InlineData("{\"event\":\"item\"," + Key + ",\"status\":\"Failed\",\"runMs\":1e300}", nameof(Messages.JournalTime))]
    [InlineData("{\"event\":\"item\"," + Key + ",\"status\":\"Failed\",\"error\":\"why\"}", nameof(Messages.JournalProperty), "error")]
    public void What_is_wrong_with_a_line_is_told(string line, string message, string? property = null)
    {
        string expected = string.Format(CultureInfo.InvariantCulture, Messages.ResourceManager.GetString(message, CultureInfo.InvariantCulture)!, property);
        Assert.Equal(expected, Assert.ThrowsAny<JsonException>(() => Read(line)).Message);
    }

    [Fact]
    public void What_is_not_known_is_passed_over_wherever_it_stands()
    {
        JournalLine line = Read(
            "{\"event\":\"item\",\"a\":[{\"index\":9}]," + Key + ",\"status\":\"Failed\",\"error\":{\"new\":{\"id\":\"no\"},\"id\":\"i\",\"message\":\"m\"},\"cut\":false,\"b\":null}");
        Assert.Equal((0L, new ErrorDescription("i", "m"), false, null), (line.Entry!.Index, line.Entry.Error, line.Entry.IsCut, line.Entry.ExitCode));
        Assert.Equal("w", Read("{\"event\":\"run\",\"new\":{\"work\":\"no\"},\"version\":1,\"work\":\"w\"}").Run!.Work);
    }

    [Fact]
    public void Settings_of_one_run_are_not_those_of_the_next()
    {
        JournalLineReader reader = new(keysOnly: false);
        JournalRun first = reader.Read("{\"event\":\"run\",\"version\":1,\"settings\":{\"a\":\"1\",\"b\":\"2\"}}"u8, out _).Run!;
        JournalRun second = reader.Read("{\"event\":\"run\",\"version\":1,\"settings\":{\"b\":\"3\"}}"u8, out _).Run!;
        Assert.Equal(["a", "b"], first.Settings.Keys.Order());
        Assert.Equal(["b"], second.Settings.Keys);
        Assert.Equal(["a", "b"], second.DiffersFrom(first));
        Assert.Empty(first.DiffersFrom(first));
    }

    [Fact]
    public void For_keys_alone_the_details_are_left_out()
    {
        JournalEntry entry = new JournalLineReader(keysOnly: true)
            .Read(Encoding.UTF8.GetBytes("{\"event\":\"item\",\"index\":5," + Key + ",\"status\":\"Failed\",\"text\":\"t\",\"error\":{\"id\":\"i\"}}"), out _).Entry!;
        Assert.Equal((5L, string.Empty, new ErrorDescription("i", string.Empty)), (entry.Index, entry.Item.Text, entry.Error));
    }

    private static JournalLine Read(string line) => new JournalLineReader(keysOnly: false).Read(Encoding.UTF8.GetBytes(line.TrimEnd('\n')), out _);

    private static string Write(Action<JournalLineWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using JournalLineWriter lines = new(buffer);
        write(lines);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
