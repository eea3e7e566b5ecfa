namespace Switchyard.Core.Items;

/// <summary>One record that an item wrote, on its way back to the caller.</summary>
/// <param name="Index">Index of the item that wrote it; -1 for a worker's own, such as its initialization's warnings.</param>
/// <param name="Value">What was written. It may be null only for <see cref="RecordKind.Output"/> and <see cref="RecordKind.End"/>.</param>
internal readonly record struct ItemRecord(long Index, RecordKind Kind, object? Value)
{
    /// <summary>The index of records that belong to no item.</summary>
    public const long NoItem = -1;

    internal void WriteTo(IResultSink sink)
    {
        if (Kind != RecordKind.End)
        {
            sink.Write(this);
        }
        else if (Value is ItemResult result)
        {
            sink.Complete(result);
        }
        else if (Value is IKeptItem kept)
        {
            kept.WriteTo(Index, sink);
        }
    }
}
