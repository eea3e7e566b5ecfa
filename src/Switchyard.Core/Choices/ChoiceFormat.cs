using System.Buffers;
using System.Text.Json;
using Switchyard.Core.Analysis;

namespace Switchyard.Core.Choices;

/// <summary>
/// The file of choices: one JSON object, with a property for each key. By hand, as a serializer takes longer to get ready than a small batch takes in all.
/// </summary>
internal static class ChoiceFormat
{
    /// <summary>Reads one of the choices; null if it is not there, or no batch can have written it.</summary>
    /// <exception cref="JsonException">What stands there cannot be read.</exception>
    public static LearntChoice? Find(ReadOnlySpan<byte> content, string key)
    {
        // Only this one is taken apart.
        byte[] name = Encoding.UTF8.GetBytes($"\"{key}\":");
        int at = content.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        Utf8JsonReader reader = new(content[(at + name.Length)..]);
        return ReadChoice(ref reader);
    }

    /// <exception cref="JsonException">It is no such file, or a damaged one.</exception>
    public static Dictionary<string, LearntChoice> Read(ReadOnlySpan<byte> content)
    {
        Dictionary<string, LearntChoice> choices = [];
        Utf8JsonReader reader = new(content);
        _ = reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = NameAt(reader);
            if (ReadChoice(ref reader) is { } choice)
            {
                choices[key] = choice;
            }
        }

        return choices;
    }

    public static ReadOnlySpan<byte> Write(Dictionary<string, LearntChoice> choices)
    {
        ArrayBufferWriter<byte> content = new();
        using Utf8JsonWriter writer = new(content);
        writer.WriteStartObject();
        foreach ((string key, LearntChoice choice) in choices)
        {
            writer.WriteStartObject(key);
            writer.WriteNumber("way", (int)choice.Way);
            writer.WriteNumber("width", choice.Width);
            writer.WriteNumber("itemSeconds", choice.ItemSeconds);
            writer.WriteNumber("cpuSeconds", choice.CpuSeconds);
            writer.WriteNumber("rate", choice.Rate);
            writer.WriteNumber("threadRate", choice.ThreadRate);
            writer.WriteNumber("processRate", choice.ProcessRate);
            writer.WriteNumber("items", choice.Items);
            writer.WriteNumber("processStartSeconds", choice.ProcessStartSeconds);
            writer.WriteNumber("runs", choice.Runs);
            writer.WriteNumber("when", choice.When.ToUnixTimeMilliseconds());
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return content.WrittenSpan;
    }

    private static LearntChoice? ReadChoice(ref Utf8JsonReader reader)
    {
        double way = double.NaN, width = double.NaN, item = 0, cpu = 0, rate = 0, threadRate = 0, processRate = 0, items = 0, start = 0, runs = 0, when = double.NaN;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            _ = reader.TrySkip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = NameAt(reader);
            double figure = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number) ? number : double.NaN;
            _ = reader.TrySkip();
            _ = name switch
            {
                "way" => way = figure,
                "width" => width = figure,
                "itemSeconds" => item = figure,
                "cpuSeconds" => cpu = figure,
                "rate" => rate = figure,
                "threadRate" => threadRate = figure,
                "processRate" => processRate = figure,
                "items" => items = figure,
                "processStartSeconds" => start = figure,
                "runs" => runs = figure,
                "when" => when = figure,
                _ => figure,
            };
        }

        if (!IsCount(way) || !IsCount(width) || !IsCount(runs) || !(Math.Abs(when) <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        {
            return null;
        }

        LearntChoice choice = new()
        {
            Way = (Recommendation)(int)way,
            Width = (int)width,
            ItemSeconds = item,
            CpuSeconds = cpu,
            Rate = rate,
            ThreadRate = threadRate,
            ProcessRate = processRate,
            Items = items,
            ProcessStartSeconds = start,
            Runs = (int)runs,
            When = DateTimeOffset.FromUnixTimeMilliseconds((long)when),
        };
        return choice.IsSound ? choice : null;
    }

    // A reader refuses a name with damaged characters by another exception than all else.
    private static string NameAt(in Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);

    private static bool IsCount(double value) => value is >= 0 and <= int.MaxValue;
}
