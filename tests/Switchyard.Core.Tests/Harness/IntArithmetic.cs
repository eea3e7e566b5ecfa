using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.Harness;

/// <summary>Adds whole numbers.</summary>
internal sealed class IntArithmetic : IValueArithmetic
{
    public bool AreEqual(object? one, object? other) => Equals(one, other);

    public object Add(object? value, object delta) => value is int left && delta is int right ? left + right : throw new ArgumentException("It is no number.");
}
