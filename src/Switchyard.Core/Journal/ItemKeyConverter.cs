using System.Text.Json;
using System.Text.Json.Serialization;
using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>Writes and reads an item's key as its 32 digits.</summary>
internal sealed class ItemKeyConverter : JsonConverter<ItemKey>
{
    public override ItemKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ItemKey.TryParse(reader.ValueSpan, out ItemKey key)
            ? key
            : throw new JsonException(Messages.JournalItemWithoutEnd);

    public override void Write(Utf8JsonWriter writer, ItemKey value, JsonSerializerOptions options)
    {
        Span<byte> key = stackalloc byte[ItemKey.TextLength];
        value.Format(key);
        writer.WriteStringValue(key);
    }
}
