using System.Text.Encodings.Web;
using System.Text.Json;
using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>
/// Writes a journal as a time line for trace viewers, in the Trace Event Format (JSON object form) that Chromium's tracing, Perfetto and
/// Speedscope open: a row for each worker of each run, a bar for each item.
/// </summary>
internal sealed class TraceWriter : IDisposable
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;
    private const int FlushAt = 64 * 1024;

    private readonly Utf8JsonWriter _json;
    private readonly HashSet<(int Run, int Worker)> _rows = [];
    private DateTimeOffset? _start;
    private int _run;
    private (int Worker, DateTimeOffset StartedAt, int Place)? _last;

    /// <summary>Begins the time line.</summary>
    /// <param name="stream">Where to; it is not disposed of.</param>
    public TraceWriter(Stream stream)
    {
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteString("displayTimeUnit", "ms");
        _json.WriteStartArray("traceEvents");
    }

    public void Add(in JournalLine line)
    {
        if (line.Run is { } run)
        {
            _start ??= run.StartedAt;
            _run = run.Number;
            WriteName("process_name", 0, string.Create(CultureInfo.InvariantCulture, $"Run {run.Number}: {run.Command}"));
        }
        else if (line.Entry is { } entry)
        {
            Write(entry);
        }

        if (_json.BytesPending > FlushAt)
        {
            _json.Flush();
        }
    }

    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
    }

    private void Write(JournalEntry entry)
    {
        if (_rows.Add((_run, entry.WorkerId)))
        {
            WriteName("thread_name", entry.WorkerId, string.Create(CultureInfo.InvariantCulture, $"Worker {entry.WorkerId}"));
        }

        _json.WriteStartObject();
        _json.WriteString("name", entry.Item.Kind is ItemKind.Null ? "$null" : entry.Item.Text);
        _json.WriteString("cat", entry.Status.ToString());
        _json.WriteString("ph", "X");
        TimeSpan time = (entry.EndedAt - entry.StartedAt) / entry.GroupSize;
        _json.WriteNumber("ts", Microseconds(entry.StartedAt - (_start ?? entry.StartedAt) + (time * PlaceOf(entry))));
        _json.WriteNumber("dur", Microseconds(time));
        _json.WriteNumber("pid", _run);
        _json.WriteNumber("tid", entry.WorkerId);
        if (entry.Status is not ItemStatus.Succeeded)
        {
            _json.WriteString("cname", "terrible");
        }

        _json.WriteStartObject("args");
        _json.WriteNumber("index", entry.Index);
        _json.WriteString("status", entry.Status.ToString());
        _json.WriteNumber("attempts", entry.Attempts);
        _json.WriteNumber("queueMs", Math.Round(entry.QueueTime.TotalMilliseconds, 3));
        _json.WriteNumber("runMs", Math.Round(entry.Duration.TotalMilliseconds, 3));
        if (entry.ExitCode is { } code)
        {
            _json.WriteNumber("exitCode", code);
        }

        if (entry.Error is { } error)
        {
            _json.WriteString("error", error.Message);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    /// <summary>How many items of its group are on the line already: they stand one after the other there, as their lines do in the journal.</summary>
    private int PlaceOf(JournalEntry entry)
    {
        bool isNext = entry.GroupSize > 1 && _last is { } last && last.Worker == entry.WorkerId && last.StartedAt == entry.StartedAt && last.Place + 1 < entry.GroupSize;
        int place = isNext ? _last!.Value.Place + 1 : 0;
        _last = (entry.WorkerId, entry.StartedAt, place);
        return place;
    }

    private void WriteName(string what, int row, string name)
    {
        _json.WriteStartObject();
        _json.WriteString("name", what);
        _json.WriteString("ph", "M");
        _json.WriteNumber("pid", _run);
        _json.WriteNumber("tid", row);
        _json.WriteStartObject("args");
        _json.WriteString("name", name);
        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private static double Microseconds(TimeSpan time) => (double)time.Ticks / TicksPerMicrosecond;
}
