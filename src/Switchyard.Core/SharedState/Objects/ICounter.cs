namespace Switchyard.Core.SharedState.Objects;

/// <summary>A whole number that many count with, here or in another process.</summary>
internal interface ICounter
{
    long Read();

    /// <summary>Adds to it.</summary>
    /// <param name="amount">How much; it may be negative.</param>
    /// <returns>The new value.</returns>
    long Add(long amount);

    /// <summary>Replaces it if it is what is expected.</summary>
    /// <returns>The number before: it was replaced if that is what was expected.</returns>
    long CompareExchange(long value, long expected);
}
