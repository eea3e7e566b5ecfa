namespace Switchyard.Core.Items;

/// <summary>One piece of input on its way to a worker.</summary>
/// <param name="Index">Position in the input, from 0.</param>
/// <param name="Input">The object as it was piped in; it may be null.</param>
internal readonly record struct BatchItem(long Index, object? Input)
{
    /// <summary>What is known of it so far; null in runs that need not know.</summary>
    internal ItemAccount? Account { get; init; }
}
