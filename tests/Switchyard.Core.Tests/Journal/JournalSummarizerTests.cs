using System.Text;
using System.Text.Json;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

public sealed class JournalSummarizerTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly JournalLine[] _lines =
    [
        Run(1, 0),
        Entry("a", ItemStatus.Succeeded, 1, worker: 1),
        Entry("b", ItemStatus.Failed, 2, worker: 2),
        Entry("c", ItemStatus.TimedOut, 4, worker: 1),
        Entry("d", ItemStatus.Canceled, 4, worker: 2),
        new(null, null, new JournalRunEnd("Canceled", _start.AddSeconds(5), 4, 1, 3, 0)),
        Run(2, 100),
        Entry("b", ItemStatus.Succeeded, 103, worker: 1),
    ];

    [Fact]
    public void A_journal_adds_up_to_what_holds_now()
    {
        using JournalFolder folder = new();
        Write(folder.Path);
        JournalSummarizer summarizer = new(JournalStanding.Read(folder.Path), slowest: 2);
        foreach (JournalLine line in folder.Lines)
        {
            summarizer.Add(line);
        }

        JournalSummary summary = summarizer.Summarize();
        Assert.Equal((2, 2L, 1L, 1L), (summary.Runs, summary.Succeeded, summary.Failed, summary.Canceled));
        Assert.Equal(TimeSpan.FromSeconds(8), summary.ActiveTime);
        Assert.Null(summary.LastEnd);
        Assert.Equal([("b", 2), ("c", 1)], summary.Slowest.Select(slow => (slow.Entry.Item.Text, slow.Run)));
        Assert.Equal((_start, _start.AddSeconds(103), 2), (summary.StartedAt, summary.EndedAt, summary.LastRun!.Number));
        Assert.Equal([new WorkerShare(1, 3, TimeSpan.FromSeconds(6.5)), new WorkerShare(2, 2, TimeSpan.FromSeconds(4))], summary.Workers);
    }

    [Fact]
    public void A_run_that_has_ended_says_how_and_lasts_until_then()
    {
        JournalSummarizer summarizer = new(new JournalStanding(), slowest: 0);
        Assert.Equal((0, TimeSpan.Zero), (summarizer.Summarize().Runs, summarizer.Summarize().ActiveTime));
        foreach (JournalLine line in _lines[..6])
        {
            summarizer.Add(line);
        }

        JournalSummary summary = summarizer.Summarize();
        Assert.Equal(("Canceled", 1, TimeSpan.FromSeconds(5)), (summary.LastEnd!.Reason, summary.Runs, summary.ActiveTime));
        Assert.Equal((1L, 2L, 1L), (summary.Succeeded, summary.Failed, summary.Canceled));
        Assert.Empty(summary.Slowest);
        Assert.Equal(TimeSpan.FromSeconds(5), summarizer.Summarize().ActiveTime);
    }

    [Fact]
    public void A_bar_of_the_time_line_tells_all_of_its_item()
    {
        using MemoryStream stream = new();
        using (TraceWriter trace = new(stream))
        {
            trace.Add(Run(3, 0));
            trace.Add(new JournalLine(null, new JournalEntry
            {
                Item = new ItemDescription(ItemKind.Null, string.Empty),
                Index = 4,
                Status = ItemStatus.Failed,
                StartedAt = _start.AddSeconds(1),
                EndedAt = _start.AddSeconds(3),
                QueueTime = TimeSpan.FromMilliseconds(1.2344),
                Duration = TimeSpan.FromMilliseconds(1999.5),
                Attempts = 2,
                WorkerId = 5,
                ExitCode = 6,
                Error = new ErrorDescription("id", "why"),
            }, null));
            trace.Add(Entry("a", ItemStatus.Succeeded, 3, worker: 5));
        }

        Assert.Equal(
            """{"displayTimeUnit":"ms","traceEvents":["""
            + """{"name":"process_name","ph":"M","pid":3,"tid":0,"args":{"name":"Run 3: Test"}},"""
            + """{"name":"thread_name","ph":"M","pid":3,"tid":5,"args":{"name":"Worker 5"}},"""
            + """{"name":"$null","cat":"Failed","ph":"X","ts":1000000,"dur":2000000,"pid":3,"tid":5,"cname":"terrible","""
            + """ "args":{"index":4,"status":"Failed","attempts":2,"queueMs":1.234,"runMs":1999.5,"exitCode":6,"error":"why"}},""".TrimStart()
            + """{"name":"a","cat":"Succeeded","ph":"X","ts":1000000,"dur":2000000,"pid":3,"tid":5,"""
            + """ "args":{"index":0,"status":"Succeeded","attempts":1,"queueMs":0,"runMs":1000}}]}""".TrimStart(),
            Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Items_of_a_group_stand_one_after_the_other_on_the_time_line()
    {
        using MemoryStream stream = new();
        using (TraceWriter trace = new(stream))
        {
            JournalEntry entry = new()
            {
                Item = new ItemDescription(ItemKind.Text, "a"), StartedAt = _start, EndedAt = _start.AddSeconds(6), GroupSize = 3, Attempts = 1, WorkerId = 1,
            };
            trace.Add(Run(3, 0));
            JournalEntry other = entry with { StartedAt = _start.AddSeconds(8), EndedAt = _start.AddSeconds(9), GroupSize = 1 };
            foreach (JournalEntry each in new[] { entry, entry, entry, other, entry with { WorkerId = 2 }, entry with { WorkerId = 2 } })
            {
                trace.Add(new JournalLine(null, each, null));
            }
        }

        IEnumerable<JsonElement> events = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement.GetProperty("traceEvents").EnumerateArray();
        Assert.Equal(
            ["0+2000000", "2000000+2000000", "4000000+2000000", "8000000+1000000", "0+2000000", "2000000+2000000"],
            events.Where(item => item.TryGetProperty("ts", out _)).Select(item => $"{item.GetProperty("ts")}+{item.GetProperty("dur")}"));
    }

    [Fact]
    public void A_time_line_has_a_bar_for_each_item_and_a_name_for_each_row()
    {
        using MemoryStream stream = new();
        using (TraceWriter trace = new(stream))
        {
            foreach (JournalLine line in _lines)
            {
                trace.Add(line);
            }
        }

        JsonElement[] events = [.. JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement.GetProperty("traceEvents").EnumerateArray()];
        JsonElement[] bars = [.. events.Where(one => one.GetProperty("ph").GetString() == "X")];
        Assert.Equal(["a", "b", "c", "d", "b"], bars.Select(bar => bar.GetProperty("name").GetString()));
        Assert.Equal([0d, 0, 2_000_000, 2_000_000, 101_000_000], bars.Select(bar => bar.GetProperty("ts").GetDouble()));
        Assert.Equal([(1, 1), (1, 2), (2, 1)], events.Where(one => one.GetProperty("name").GetString() == "thread_name")
            .Select(one => (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32())));
    }

    private static JournalLine Run(int number, int second) => new(
        new JournalRun { Number = number, StartedAt = _start.AddSeconds(second), Command = "Test", MachineName = "elsewhere" }, null, null);

    private static JournalLine Entry(string text, ItemStatus status, int second, int worker) => new(
        null,
        new JournalEntry
        {
            Key = new TextDescriber().Identify(text),
            Item = new ItemDescription(ItemKind.Text, text),
            Status = status,
            StartedAt = _start.AddSeconds(Math.Max(0, second - 2)),
            EndedAt = _start.AddSeconds(second),
            Duration = TimeSpan.FromSeconds(text == "a" ? 1 : text == "c" ? 2.5 : second > 100 ? 3 : 2),
            Attempts = 1,
            WorkerId = worker,
        },
        null);

    private static void Write(string path)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using JournalLineWriter lines = new(buffer);
        foreach (JournalLine line in _lines)
        {
            if (line.Run is { } run)
            {
                lines.Write(run);
            }
            else if (line.Entry is { } entry)
            {
                lines.Write(entry);
            }
            else
            {
                lines.Write(line.End!);
            }
        }

        File.WriteAllBytes(path, buffer.WrittenSpan.ToArray());
    }
}
