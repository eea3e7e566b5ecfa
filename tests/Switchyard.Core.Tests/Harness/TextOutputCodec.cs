using Switchyard.Core.Items;
using Switchyard.Core.Journal.Outputs;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Harness;

/// <summary>Keeps texts. What is no text cannot be kept, and one that begins with a tilde only as a shorter one.</summary>
internal sealed class TextOutputCodec : IOutputCodec
{
    public const string Unreadable = "unreadable";

    public string? ReducedType { get; private set; }

    public void Write(WireWriter writer, RecordKind kind, object? value, object? input)
    {
        string text = value as string ?? throw new NotSupportedException("no text");
        ReducedType = text.StartsWith('~') ? "Tilde" : null;
        writer.WriteString(text.TrimStart('~'));
    }

    public object? Read(WireReader reader, RecordKind kind, object? input) =>
        reader.ReadText() is var text && text == Unreadable ? throw new NotSupportedException(text) : text;

    public ItemRecord TellReduced(string type, object? input) => Tell($"reduced {type} {input}");

    public ItemRecord TellNotKept(object? input, Exception reason) => Tell($"not kept {input}: {reason.Message}");

    public object CreateError(object? input, Exception reason) => $"cannot read {input}: {reason.Message}";

    private static ItemRecord Tell(string text) => new(ItemRecord.NoItem, RecordKind.Warning, text);
}
