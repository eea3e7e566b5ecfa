using System.Text.Json.Serialization;

namespace Switchyard.Core.Journal.Lines;

/// <summary>The lines of the format as <c>docs/journal.md</c> describes it: a property here is a property there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunLine))]
[JsonSerializable(typeof(ItemLine))]
[JsonSerializable(typeof(EndLine))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>The version of the format that this code writes, and the newest that it reads.</summary>
    public const int Version = 1;

    public const string RunEvent = "run";
    public const string ItemEvent = "item";
    public const string EndEvent = "end";
}
