namespace Switchyard.Core.SharedState.Objects;

/// <summary>What the caller's language makes of values.</summary>
internal interface IValueArithmetic
{
    bool AreEqual(object? one, object? other);

    /// <summary>Adds a number to another.</summary>
    /// <exception cref="ArgumentException">One of them is no number.</exception>
    object Add(object? value, object delta);
}
