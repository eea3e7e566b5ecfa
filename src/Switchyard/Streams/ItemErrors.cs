using Switchyard.Errors;

namespace Switchyard.Streams;

/// <summary>The errors of items that did not end by themselves.</summary>
internal static class ItemErrors
{
    /// <summary>Finds the error of an item.</summary>
    /// <param name="timeoutSeconds">The items' deadline, for the error that names it.</param>
    /// <returns>The error; null if the item ended by itself, or with the run, which says so.</returns>
    public static ErrorRecord? Of(ItemResult result, double timeoutSeconds) =>
        result.IsStopped ? RunErrors.ItemStopped(result.Input)
        : result.Status == ItemStatus.TimedOut ? RunErrors.ItemTimedOut(result.Input, result.Duration * result.Shares, timeoutSeconds)
        : null;
}
