using System.Text.Json;
using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>Makes sense of a line.</summary>
/// <param name="keysOnly">Whether of an item only what it is known by and how it ended is wanted.</param>
internal sealed class JournalLineReader(bool keysOnly)
{
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="version">The version of the format, if the line tells it; else 0.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="JsonException">It is no line of a journal.</exception>
    public JournalLine Read(ReadOnlySpan<byte> line, out int version)
    {
        Utf8JsonReader json = new(line);
        version = 0;
        Expect(ref json, JsonTokenType.StartObject);
        Expect(ref json, JsonTokenType.PropertyName);
        if (!json.ValueTextEquals(JournalWords.Event.EncodedUtf8Bytes))
        {
            throw new JsonException(Messages.JournalLineWithoutKind);
        }

        Expect(ref json, JsonTokenType.String);
        JournalLine read = json.ValueTextEquals(JournalWords.ItemEvent.EncodedUtf8Bytes) ? new JournalLine(null, ReadEntry(ref json), null)
            : json.ValueTextEquals(JournalWords.RunEvent.EncodedUtf8Bytes) ? new JournalLine(ReadRun(ref json, out version), null, null)
            : json.ValueTextEquals(JournalWords.EndEvent.EncodedUtf8Bytes) ? new JournalLine(null, null, ReadEnd(ref json))
            : throw new JsonException(Messages.JournalLineKindUnknown);

        // Two lines that ran into each other are not one.
        return json.Read() ? throw new JsonException(Messages.JournalLineGoesOn) : read;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token)
        {
            throw new JsonException(Messages.JournalLineShape);
        }
    }

    // What is not known by its name may come from a newer version that this one can still read.
    private static bool TryReadName(ref Utf8JsonReader json)
    {
        if (!json.Read())
        {
            throw new JsonException(Messages.JournalLineCutOff);
        }

        return json.TokenType == JsonTokenType.PropertyName;
    }

    private static bool Is(in Utf8JsonReader json, JsonEncodedText name) => json.ValueTextEquals(name.EncodedUtf8Bytes);

    private static string ReadText(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String);
        return json.GetString()!;
    }

    private static long ReadNumber(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.Number);
        return json.TryGetInt64(out long number) ? number : throw new JsonException(Messages.JournalNumber);
    }

    private static TimeSpan ReadMilliseconds(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.Number);
        return json.TryGetDouble(out double milliseconds) && milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromTicks((long)Math.Round(milliseconds * 1000) * TimeSpan.TicksPerMicrosecond)
            : throw new JsonException(Messages.JournalTime);
    }

    private static DateTimeOffset ReadTime(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.String);
        return json.TryGetDateTimeOffset(out DateTimeOffset time) ? time : throw new JsonException(Messages.JournalTime);
    }

    private static TEnum ReadEnum<TEnum>(ref Utf8JsonReader json)
        where TEnum : struct, Enum
    {
        return Enum.TryParse(ReadText(ref json), out TEnum value) && Enum.IsDefined(value) ? value : throw new JsonException(Messages.JournalNameUnknown);
    }

    private static void Skip(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static JournalRunEnd ReadEnd(ref Utf8JsonReader json)
    {
        JournalRunEnd end = new(string.Empty, default, 0, 0, 0, 0);
        while (TryReadName(ref json))
        {
            if (Is(json, JournalWords.Reason))
            {
                end = end with { Reason = ReadText(ref json) };
            }
            else if (Is(json, JournalWords.Ended))
            {
                end = end with { EndedAt = ReadTime(ref json) };
            }
            else if (Is(json, JournalWords.Read))
            {
                end = end with { Read = ReadNumber(ref json) };
            }
            else if (Is(json, JournalWords.Succeeded))
            {
                end = end with { Succeeded = ReadNumber(ref json) };
            }
            else if (Is(json, JournalWords.Failed))
            {
                end = end with { Failed = ReadNumber(ref json) };
            }
            else if (Is(json, JournalWords.DoneBefore))
            {
                end = end with { DoneBefore = ReadNumber(ref json) };
            }
            else
            {
                Skip(ref json);
            }
        }

        return end;
    }

    private static ErrorDescription ReadError(ref Utf8JsonReader json)
    {
        string id = string.Empty;
        string message = string.Empty;
        Expect(ref json, JsonTokenType.StartObject);
        while (TryReadName(ref json))
        {
            if (Is(json, JournalWords.ErrorId))
            {
                id = ReadText(ref json);
            }
            else if (Is(json, JournalWords.Message))
            {
                message = ReadText(ref json);
            }
            else
            {
                Skip(ref json);
            }
        }

        return new ErrorDescription(id, message);
    }

    private JournalEntry ReadEntry(ref Utf8JsonReader json)
    {
        Facts facts = default;
        while (TryReadName(ref json))
        {
            if (Is(json, JournalWords.Key))
            {
                Expect(ref json, JsonTokenType.String);
                facts.HasKey = !json.HasValueSequence && ItemKey.TryParse(json.ValueSpan, out facts.Key);
            }
            else if (Is(json, JournalWords.Status))
            {
                facts.Status = ReadEnum<ItemStatus>(ref json);
            }
            else if (Is(json, JournalWords.Error))
            {
                facts.Error = ReadError(ref json);
            }
            else if (keysOnly || !TryReadDetail(ref json, ref facts))
            {
                Skip(ref json);
            }
        }

        if (!facts.HasKey || facts.Status is not { } status)
        {
            throw new JsonException(Messages.JournalItemWithoutEnd);
        }

        return new JournalEntry
        {
            Key = facts.Key,
            Index = facts.Index,
            Status = status,
            Item = new ItemDescription(facts.Kind, facts.Text ?? string.Empty, facts.Serialized),
            IsCut = facts.IsCut,
            StartedAt = facts.StartedAt,
            EndedAt = facts.EndedAt,
            QueueTime = facts.QueueTime,
            Duration = facts.Duration,
            Attempts = facts.Attempts,
            WorkerId = facts.WorkerId,
            ExitCode = facts.ExitCode,
            Error = facts.Error,
        };
    }

    private static bool TryReadDetail(ref Utf8JsonReader json, ref Facts facts)
    {
        if (Is(json, JournalWords.Index))
        {
            facts.Index = ReadNumber(ref json);
        }
        else if (Is(json, JournalWords.Started))
        {
            facts.StartedAt = ReadTime(ref json);
        }
        else if (Is(json, JournalWords.Ended))
        {
            facts.EndedAt = ReadTime(ref json);
        }
        else if (Is(json, JournalWords.QueueMilliseconds))
        {
            facts.QueueTime = ReadMilliseconds(ref json);
        }
        else if (Is(json, JournalWords.RunMilliseconds))
        {
            facts.Duration = ReadMilliseconds(ref json);
        }
        else if (Is(json, JournalWords.Attempts))
        {
            facts.Attempts = (int)ReadNumber(ref json);
        }
        else if (Is(json, JournalWords.Worker))
        {
            facts.WorkerId = (int)ReadNumber(ref json);
        }
        else if (Is(json, JournalWords.ExitCode))
        {
            facts.ExitCode = (int)ReadNumber(ref json);
        }
        else
        {
            return TryReadItem(ref json, ref facts);
        }

        return true;
    }

    private static bool TryReadItem(ref Utf8JsonReader json, ref Facts facts)
    {
        if (Is(json, JournalWords.Kind))
        {
            facts.Kind = ReadEnum<ItemKind>(ref json);
        }
        else if (Is(json, JournalWords.Text))
        {
            facts.Text = ReadText(ref json);
        }
        else if (Is(json, JournalWords.Serialized))
        {
            facts.Serialized = ReadText(ref json);
        }
        else if (Is(json, JournalWords.Cut))
        {
            json.Read();
            facts.IsCut = json.TokenType == JsonTokenType.True;
        }
        else
        {
            return false;
        }

        return true;
    }

    private JournalRun ReadRun(ref Utf8JsonReader json, out int version)
    {
        JournalRun run = new();
        version = 0;
        while (TryReadName(ref json))
        {
            if (Is(json, JournalWords.FormatVersion))
            {
                version = (int)ReadNumber(ref json);
            }
            else if (Is(json, JournalWords.Run))
            {
                run = run with { Number = (int)ReadNumber(ref json) };
            }
            else if (Is(json, JournalWords.Started))
            {
                run = run with { StartedAt = ReadTime(ref json) };
            }
            else if (Is(json, JournalWords.Process))
            {
                run = run with { ProcessId = (int)ReadNumber(ref json) };
            }
            else if (Is(json, JournalWords.Machine))
            {
                run = run with { MachineName = ReadText(ref json) };
            }
            else if (Is(json, JournalWords.Command))
            {
                run = run with { Command = ReadText(ref json) };
            }
            else if (Is(json, JournalWords.Work))
            {
                run = run with { Work = ReadText(ref json) };
            }
            else if (Is(json, JournalWords.Settings))
            {
                run = run with { Settings = ReadSettings(ref json) };
            }
            else
            {
                Skip(ref json);
            }
        }

        return version > 0 ? run : throw new JsonException(Messages.JournalWithoutVersion);
    }

    private Dictionary<string, string> ReadSettings(ref Utf8JsonReader json)
    {
        _settings.Clear();
        Expect(ref json, JsonTokenType.StartObject);
        while (TryReadName(ref json))
        {
            string name = json.GetString()!;
            _settings[name] = ReadText(ref json);
        }

        return new Dictionary<string, string>(_settings, StringComparer.Ordinal);
    }

    /// <summary>What is known so far of the entry that is being read.</summary>
    private struct Facts
    {
        public bool HasKey;
        public ItemKey Key;
        public ItemStatus? Status;
        public long Index;
        public ItemKind Kind;
        public string? Text;
        public string? Serialized;
        public bool IsCut;
        public DateTimeOffset StartedAt;
        public DateTimeOffset EndedAt;
        public TimeSpan QueueTime;
        public TimeSpan Duration;
        public int Attempts;
        public int WorkerId;
        public int? ExitCode;
        public ErrorDescription? Error;
    }
}
