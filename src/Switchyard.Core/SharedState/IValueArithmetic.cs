namespace Switchyard.Core.SharedState;

/// <summary>What the caller's language makes of values.</summary>
public interface IValueArithmetic
{
    /// <summary>Whether two values are equal.</summary>
    /// <param name="one">One of them.</param>
    /// <param name="other">The other one.</param>
    /// <returns>True if so.</returns>
    bool AreEqual(object? one, object? other);

    /// <summary>Adds a number to another.</summary>
    /// <param name="value">What there is.</param>
    /// <param name="delta">What is added.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="ArgumentException">One of them is no number.</exception>
    object Add(object? value, object delta);
}
