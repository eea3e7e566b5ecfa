using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Journal.Outputs;
using Switchyard.Core.Protocol;
using Switchyard.Errors;

namespace Switchyard.Journal;

/// <summary>What items wrote, on its way to a later process.</summary>
internal sealed class OutputCodec : IOutputCodec
{
    private readonly RecordCodec _records;

    /// <param name="providers">The drives and providers of the session that reads.</param>
    public OutputCodec(ProviderObjects providers)
    {
        ValueWriter values = new() { IsForFile = true, Reduced = value => ReducedType ??= LanguagePrimitives.ConvertTo<string>(value.GetType()) };
        _records = new RecordCodec(values, new ValueReader(providers, readShared: null));
    }

    public string? ReducedType { get; private set; }

    public void Write(WireWriter writer, RecordKind kind, object? value, object? input)
    {
        ReducedType = null;
        _records.Write(writer, kind, value, PSObjects.ItemOf(input));
    }

    public object? Read(WireReader reader, RecordKind kind, object? input) => _records.Read(reader, kind, PSObjects.ItemOf(input));

    public ItemRecord TellReduced(string type, object? input) => RunNotices.OutputReduced(type, input);

    public ItemRecord TellNotKept(object? input, Exception reason) => RunNotices.OutputNotKept(input, reason);

    public object CreateError(object? input, Exception reason) => JournalErrors.KeptOutputNotReadable(input, reason);
}
