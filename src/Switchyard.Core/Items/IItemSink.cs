namespace Switchyard.Core.Items;

/// <summary>Where a worker puts what its current item writes and how it ended. Called on the worker's thread only.</summary>
internal interface IItemSink
{
    /// <summary>Hands a record of the current item on, at once. Blocks while the caller is behind.</summary>
    void Write(RecordKind kind, object? value);

    /// <summary>
    /// Says that code of the user's begins that belongs to no item, such as an initialization. While it runs, as while an item
    /// runs, a stop that is not listened to may interrupt the thread.
    /// </summary>
    void EnterUserCode();

    void LeaveUserCode();

    /// <summary>
    /// Asks whether the current item's end, which <see cref="Complete"/> will tell, counts: not where the item also runs elsewhere and that counts. What the
    /// item has brought and was not written is put in its place only then.
    /// </summary>
    bool Counts(in ItemEnd end) => true;

    void Complete(in ItemEnd end);

    /// <summary>How many items have ended here since sums were written or lost; 0 in runs that sum nothing up.</summary>
    long Unsummed => 0;

    /// <summary>What is written until <see cref="EndSums"/> is of no item, also where one is begun already.</summary>
    void BeginSums()
    {
    }

    /// <summary>Says what became of the sums of those items. What is wrong with them was written before, unless they are lost.</summary>
    void EndSums(SumsEnd end)
    {
    }
}
