namespace Switchyard.Core.Journal.Outputs;

/// <summary>What an item wrote, for its result.</summary>
internal sealed class CollectedOutput
{
    public List<object?> Output { get; } = [];

    public List<object> Errors { get; } = [];

    public void Add(in ItemRecord record)
    {
        if (record.Kind is RecordKind.Error)
        {
            Errors.Add(record.Value!);
        }
        else
        {
            Output.Add(record.Value);
        }
    }
}
