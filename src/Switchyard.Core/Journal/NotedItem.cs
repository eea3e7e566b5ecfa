namespace Switchyard.Core.Journal;

/// <summary>An item whose line is written, or will be as the given one, and whose result has not been handed on.</summary>
internal readonly record struct NotedItem(JournalEntry Entry, object? Input, long Line)
{
    public JournalEntry TakeBack(IItemDescriber describer) => Entry with
    {
        Status = ItemStatus.Canceled,
        IsTakenBack = true,
        Kept = null,
        Item = describer.Describe(Input, isWhole: true),
        Error = new ErrorDescription(string.Empty, Messages.ResultNotHandedOn),
    };
}
