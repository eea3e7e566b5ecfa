using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json;

namespace Microsoft.PowerShell.Commands;

/// <summary>Reads JSON into the objects that ConvertFrom-Json gives.</summary>
internal sealed class JsonReading(JsonTextReader input, bool asHashtable)
{
    /// <summary>Makes a reader of a text.</summary>
    public static JsonTextReader Open(TextReader text, int depth, JsonDateKind dates) => new(text)
    {
        MaxDepth = depth,
        DateParseHandling = dates switch
        {
            JsonDateKind.Offset => DateParseHandling.DateTimeOffset,
            JsonDateKind.String => DateParseHandling.None,
            _ => DateParseHandling.DateTime,
        },
        DateTimeZoneHandling = dates switch
        {
            JsonDateKind.Local => DateTimeZoneHandling.Local,
            JsonDateKind.Utc => DateTimeZoneHandling.Utc,
            _ => DateTimeZoneHandling.RoundtripKind,
        },
        Culture = CultureInfo.InvariantCulture,
    };

    /// <summary>Reads the whole text, which must be one value.</summary>
    public object? ReadAll()
    {
        Advance();
        object? value = ReadValue();
        while (input.Read())
        {
            if (input.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException($"Additional text encountered after finished reading JSON content: {input.Value}. "
                    + $"Path '{input.Path}', line {input.LineNumber}, position {input.LinePosition}.");
            }
        }

        return value;
    }

    private void Advance()
    {
        do
        {
            if (!input.Read())
            {
                throw new JsonReaderException($"Unexpected end of the JSON text. Path '{input.Path}', line {input.LineNumber}, position {input.LinePosition}.");
            }
        }
        while (input.TokenType == JsonToken.Comment);
    }

    private object? ReadValue() => input.TokenType switch
    {
        JsonToken.StartObject => asHashtable ? ReadHashtable() : ReadObject(),
        JsonToken.StartArray => ReadArray(),
        _ => input.Value,
    };

    private object?[] ReadArray()
    {
        var elements = new List<object?>();
        for (Advance(); input.TokenType != JsonToken.EndArray; Advance())
        {
            elements.Add(ReadValue());
        }

        return [.. elements];
    }

    private OrderedHashtable ReadHashtable()
    {
        var table = new OrderedHashtable();
        ReadProperties((name, value) => table[name] = value);
        return table;
    }

    private PSObject ReadObject()
    {
        var result = new PSObject();
        ReadProperties((name, value) =>
        {
            if (name.Length == 0)
            {
                throw new InvalidOperationException(
                    "The provided JSON includes a property whose name is an empty string, this is only supported using the -AsHashTable switch.");
            }

            if (result.Properties[name] is null)
            {
                result.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
            }
            else if (result.Properties[name].Name == name)
            {
                result.Properties[name].Value = value;
            }
            else
            {
                throw new InvalidOperationException($"Cannot convert the JSON string because it contains keys with different casing. "
                    + $"Please use the -AsHashTable switch instead. The key that was attempted to be added to the existing key '{result.Properties[name].Name}' was '{name}'.");
            }
        });
        return result;
    }

    private void ReadProperties(Action<string, object?> add)
    {
        for (Advance(); input.TokenType != JsonToken.EndObject; Advance())
        {
            string name = (string)input.Value!;
            Advance();
            add(name, ReadValue());
        }
    }
}
