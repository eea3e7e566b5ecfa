using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Switchyard.Core.Journal.Lines;

/// <summary>Makes lines of what happens, one after another in a buffer. For one thread at a time.</summary>
internal sealed class JournalLineWriter(ArrayBufferWriter<byte> buffer) : IDisposable
{
    // Readable for people; a journal is no web page.
    private readonly Utf8JsonWriter _json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Write(JournalRun run) => Write(RunLine.Of(run), JournalJson.Default.RunLine);

    public void Write(JournalEntry entry) => Write(ItemLine.Of(entry), JournalJson.Default.ItemLine);

    public void Write(JournalRunEnd end) => Write(EndLine.Of(end), JournalJson.Default.EndLine);

    public void Dispose() => _json.Dispose();

    /// <summary>Replaces half characters, which JSON cannot hold.</summary>
    internal static string? ToUnicode(string? text) =>
        text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text!));

    private void Write<T>(T line, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_json, line, type);
        _json.Flush();
        _json.Reset();
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }
}
