using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal.Lines;

internal sealed class JournalLineReader(bool keysOnly)
{
    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is no line of a journal.</exception>
    public JournalLine Read(ReadOnlySpan<byte> line, out int version)
    {
        version = 0;
        Utf8JsonReader json = new(line);
        Expect(ref json, JsonTokenType.StartObject);
        Expect(ref json, JsonTokenType.PropertyName);
        if (!json.ValueTextEquals("event"u8))
        {
            throw new JsonException(Messages.JournalLineWithoutKind);
        }

        Expect(ref json, JsonTokenType.String);
        if (json.ValueTextEquals(JournalJson.ItemEvent))
        {
            return new JournalLine(null, keysOnly ? ReadKey(ref json) : Deserialize(line, JournalJson.Default.ItemLine).ToEntry(), null);
        }

        if (json.ValueTextEquals(JournalJson.RunEvent))
        {
            RunLine run = Deserialize(line, JournalJson.Default.RunLine);
            version = run.Version;
            return new JournalLine(run.ToRun(), null, null);
        }

        return json.ValueTextEquals(JournalJson.EndEvent)
            ? new JournalLine(null, null, Deserialize(line, JournalJson.Default.EndLine).ToEnd())
            : throw new JsonException(Messages.JournalLineKindUnknown);
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType token)
    {
        if (!json.Read() || json.TokenType != token)
        {
            throw new JsonException(Messages.JournalLineShape);
        }
    }

    private static T Deserialize<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type)!;
        }
        catch (JsonException exception) when (exception is { Path: { } path, InnerException: not JsonException })
        {
            // The serializer's own message names its types.
            throw new JsonException(MessageText.Format(Messages.JournalProperty, path.TrimStart('$', '.')), exception);
        }
    }

    // By hand, as resuming reads a million of these: the generator's code takes 10 to 60 % longer.
    private static JournalEntry ReadKey(ref Utf8JsonReader json)
    {
        ItemKey? key = null;
        ItemStatus? status = null;
        long index = 0;
        bool isTakenBack = false;
        int? ofRun = null;
        string? output = null;
        KeptPlace? kept = null;
        ErrorDescription? error = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            switch (PropertyOf(json))
            {
                case 'k':
                    json.Read();
                    key = ItemKey.TryParse(json.ValueSpan, out ItemKey read) ? read : key;
                    break;
                case 's':
                    json.Read();
                    status = Enum.TryParse(json.GetString(), out ItemStatus ended) && Enum.IsDefined(ended) ? ended : status;
                    break;
                case 'i':
                    json.Read();
                    index = json.GetInt64();
                    break;
                case 'h':
                    json.Read();
                    isTakenBack = !json.GetBoolean();
                    break;
                case 'r':
                    json.Read();
                    ofRun = json.GetInt32();
                    break;
                case 'p':
                    json.Read();
                    kept = ReadPlace(ref json);
                    break;
                case 'o':
                    json.Read();
                    output = json.GetString();
                    break;
                case 'e':
                    json.Read();
                    error = JsonSerializer.Deserialize(ref json, JournalJson.Default.ErrorDescription);
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        // Two lines that ran into each other are not one.
        return json.TokenType != JsonTokenType.EndObject || json.CurrentDepth > 0 || json.Read() ? throw new JsonException(Messages.JournalLineGoesOn)
            : key is not { } known || status is not { } end ? throw new JsonException(Messages.JournalItemWithoutEnd)
            : new JournalEntry
            {
                Key = known,
                Status = end,
                Index = index,
                IsTakenBack = isTakenBack,
                OfRun = ofRun,
                Kept = kept,
                OutputPath = output,
                Item = new ItemDescription(default, string.Empty),
                Error = error,
            };
    }

    private static KeptPlace ReadPlace(ref Utf8JsonReader json)
    {
        (long at, long length) = (OutputChunk.None, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isPlace = json.ValueTextEquals("at"u8);
            bool isLength = json.ValueTextEquals("length"u8);
            json.Read();
            json.Skip();
            at = isPlace ? json.GetInt64() : at;
            length = isLength ? json.GetInt64() : length;
        }

        return at >= 0 && length is >= 0 and <= int.MaxValue ? new KeptPlace(at, length) : KeptPlace.None;
    }

    private static char PropertyOf(in Utf8JsonReader json) =>
        json.ValueTextEquals("key"u8) ? 'k'
        : json.ValueTextEquals("status"u8) ? 's'
        : json.ValueTextEquals("index"u8) ? 'i'
        : json.ValueTextEquals("handedOn"u8) ? 'h'
        : json.ValueTextEquals("output"u8) ? 'o'
        : json.ValueTextEquals("error"u8) ? 'e'
        : json.ValueTextEquals("kept"u8) ? 'p'
        : json.ValueTextEquals("ofRun"u8) ? 'r'
        : default;
}
