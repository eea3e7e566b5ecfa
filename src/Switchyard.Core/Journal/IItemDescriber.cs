namespace Switchyard.Core.Journal;

/// <summary>Knows what items are made of. Called on any thread, also on several at a time.</summary>
internal interface IItemDescriber
{
    /// <summary>Finds what an item is known by. The same content gives the same key, in any process and on any day.</summary>
    ItemKey Identify(object? item);

    /// <summary>
    /// Finds what an item is known by in journals of before, in which the case of a path counted on every file system.
    /// </summary>
    /// <returns>The key; null if it can be no other.</returns>
    ItemKey? IdentifyAsWritten(object? item) => null;

    /// <summary>Finds what it would be known by if it were of another type: a number as a text, a path as a file.</summary>
    IEnumerable<ItemKey> IdentifyOtherwise(object? item) => [];

    /// <summary>Says what an item is.</summary>
    /// <param name="isWhole">Whether it must be possible to make the item again from what is said.</param>
    ItemDescription Describe(object? item, bool isWhole);

    /// <summary>Says what went wrong.</summary>
    /// <returns>Its id and message; null if it is no error of an item that has not failed.</returns>
    ErrorDescription? DescribeError(object error, bool hasFailed);
}
