using Switchyard.Core.Items;

namespace Switchyard.Core.Journal;

/// <summary>Knows what items are made of. Called on any thread, also on several at a time.</summary>
public interface IItemDescriber
{
    /// <summary>Finds what an item is known by. The same content gives the same key, in any process and on any day.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Its key.</returns>
    ItemKey Identify(object? item);

    /// <summary>Says what an item is.</summary>
    /// <param name="item">The item.</param>
    /// <param name="isWhole">Whether it must be possible to make the item again from what is said.</param>
    /// <returns>What it is.</returns>
    ItemDescription Describe(object? item, bool isWhole);

    /// <summary>Says what went wrong.</summary>
    /// <param name="error">What a worker wrote as an error.</param>
    /// <param name="hasFailed">Whether its item has failed.</param>
    /// <returns>Its id and message; null if it is no error of an item that has not failed.</returns>
    ErrorDescription? DescribeError(object error, bool hasFailed);
}
