namespace Switchyard.Items;

/// <summary>Where a worker puts what its current item writes and how it ended. Called on the worker's thread only.</summary>
public interface IItemSink
{
    /// <summary>Hands a record of the current item on, at once. Blocks while the caller is behind.</summary>
    /// <param name="kind">The stream.</param>
    /// <param name="value">What was written.</param>
    void Write(RecordKind kind, object? value);

    /// <summary>Ends the current item.</summary>
    /// <param name="status">How it ended.</param>
    void Complete(ItemStatus status);
}
