using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>Makes lines of what happens, one after another in a buffer. For one thread at a time.</summary>
/// <param name="buffer">Where to.</param>
internal sealed class JournalLineWriter(ArrayBufferWriter<byte> buffer) : IDisposable
{
    /// <summary>Of an item that succeeded no more characters are kept: nobody wants it again.</summary>
    public const int MaxText = 4096;

    // Readable for people; a journal is no web page.
    private readonly Utf8JsonWriter _json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the line of a run that begins.</summary>
    /// <param name="run">The run.</param>
    public void Write(JournalRun run)
    {
        Begin(JournalWords.RunEvent);
        _json.WriteNumber(JournalWords.FormatVersion, JournalWords.Version);
        _json.WriteNumber(JournalWords.Run, run.Number);
        _json.WriteString(JournalWords.Started, run.StartedAt.UtcDateTime);
        _json.WriteNumber(JournalWords.Process, run.ProcessId);
        _json.WriteString(JournalWords.Machine, run.MachineName);
        _json.WriteString(JournalWords.Command, run.Command);
        _json.WriteString(JournalWords.Work, Valid(run.Work));
        _json.WriteStartObject(JournalWords.Settings);
        foreach ((string name, string value) in run.Settings)
        {
            _json.WriteString(name, Valid(value));
        }

        _json.WriteEndObject();
        End();
    }

    /// <summary>Writes the line of an item that has ended.</summary>
    /// <param name="entry">The item.</param>
    public void Write(JournalEntry entry)
    {
        Span<byte> key = stackalloc byte[ItemKey.TextLength];
        entry.Key.Format(key);
        Begin(JournalWords.ItemEvent);
        _json.WriteString(JournalWords.Key, key);
        _json.WriteNumber(JournalWords.Index, entry.Index);
        _json.WriteString(JournalWords.Status, Name(entry.Status));
        WriteItem(entry.Item, entry.Status is ItemStatus.Succeeded);
        _json.WriteString(JournalWords.Started, entry.StartedAt.UtcDateTime);
        _json.WriteString(JournalWords.Ended, entry.EndedAt.UtcDateTime);
        _json.WriteNumber(JournalWords.QueueMilliseconds, Math.Round(entry.QueueTime.TotalMilliseconds, 3));
        _json.WriteNumber(JournalWords.RunMilliseconds, Math.Round(entry.Duration.TotalMilliseconds, 3));
        _json.WriteNumber(JournalWords.Attempts, entry.Attempts);
        _json.WriteNumber(JournalWords.Worker, entry.WorkerId);
        if (entry.ExitCode is { } code)
        {
            _json.WriteNumber(JournalWords.ExitCode, code);
        }

        if (entry.Error is { } error)
        {
            _json.WriteStartObject(JournalWords.Error);
            _json.WriteString(JournalWords.ErrorId, Valid(error.Id));
            _json.WriteString(JournalWords.Message, Valid(error.Message));
            _json.WriteEndObject();
        }

        End();
    }

    /// <summary>Writes the line of a run that has ended.</summary>
    /// <param name="end">Its end.</param>
    public void Write(JournalRunEnd end)
    {
        Begin(JournalWords.EndEvent);
        _json.WriteString(JournalWords.Reason, end.Reason);
        _json.WriteString(JournalWords.Ended, end.EndedAt.UtcDateTime);
        _json.WriteNumber(JournalWords.Read, end.Read);
        _json.WriteNumber(JournalWords.Succeeded, end.Succeeded);
        _json.WriteNumber(JournalWords.Failed, end.Failed);
        _json.WriteNumber(JournalWords.DoneBefore, end.DoneBefore);
        End();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    // What is no text in Unicode cannot be written as such.
    private static string Valid(string text) =>
        IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and int at)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int used) != OperationStatus.Done)
            {
                return false;
            }

            text = text[(at + used)..];
        }

        return true;
    }

    private static string Name(ItemStatus status) => status switch
    {
        ItemStatus.Succeeded => nameof(ItemStatus.Succeeded),
        ItemStatus.Failed => nameof(ItemStatus.Failed),
        ItemStatus.TimedOut => nameof(ItemStatus.TimedOut),
        ItemStatus.Crashed => nameof(ItemStatus.Crashed),
        ItemStatus.Canceled => nameof(ItemStatus.Canceled),
        _ => status.ToString(),
    };

    private static string Name(ItemKind kind) => kind switch
    {
        ItemKind.Null => nameof(ItemKind.Null),
        ItemKind.Text => nameof(ItemKind.Text),
        ItemKind.Number => nameof(ItemKind.Number),
        ItemKind.File => nameof(ItemKind.File),
        ItemKind.Directory => nameof(ItemKind.Directory),
        _ => nameof(ItemKind.Other),
    };

    private void WriteItem(in ItemDescription item, bool maybeCut)
    {
        string text = item.Text ?? string.Empty;
        bool isCut = maybeCut && text.Length > MaxText;
        _json.WriteString(JournalWords.Kind, Name(item.Kind));
        _json.WriteString(JournalWords.Text, Valid(isCut ? text[..MaxText] : text));
        if (isCut)
        {
            _json.WriteBoolean(JournalWords.Cut, true);
        }

        if (item.Serialized is { } serialized)
        {
            _json.WriteString(JournalWords.Serialized, Valid(serialized));
        }
    }

    private void Begin(JsonEncodedText what)
    {
        _json.WriteStartObject();
        _json.WriteString(JournalWords.Event, what);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
    }
}
