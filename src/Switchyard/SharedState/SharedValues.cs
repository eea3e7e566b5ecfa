using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Engine;
using Switchyard.Sharing;

namespace Switchyard.SharedState;

/// <summary>What PowerShell makes of the values in shared objects.</summary>
internal sealed class SharedValues : IValueArithmetic
{
    /// <summary>Checks what is to be put into a shared object.</summary>
    /// <exception cref="ArgumentException">It is a script block, which belongs to the session that made it.</exception>
    public static object? Check(object? value) => PSObjects.Unwrap(value) is ScriptBlock
        ? throw new ArgumentException(Messages.BlockNotShared)
        : StateCodec.Take(Free(value is PSObject wrapper && InstanceMembers.Of(wrapper) is null && !InstanceMembers.HasTypeNames(wrapper) && !InstanceMembers.IsDeserialized(wrapper)
            ? PSObjects.Unwrap(value)
            : value));

    /// <summary>Checks a key.</summary>
    /// <exception cref="ArgumentException">It is not the same in every process.</exception>
    public static object CheckKey(object? key) => PSObjects.Unwrap(key) switch
    {
        null => throw new ArgumentException(Messages.KeyIsNull),
        IConvertible or Guid or Version or Uri or TimeSpan or DateTimeOffset or DateOnly or TimeOnly or BigInteger => PSObjects.Unwrap(key)!,
        FileSystemInfo => throw new ArgumentException(Messages.KeyIsFile),
        { } other => throw new ArgumentException(MessageText.Format(Messages.KeyNotAllowed, other.GetType().Name)),
    };

    public bool AreEqual(object? one, object? other)
    {
        object? left = PSObjects.Unwrap(one);
        object? right = PSObjects.Unwrap(other);
        return left is null || right is null ? left is null && right is null
            : IsNumber(left) && IsNumber(right) ? LanguagePrimitives.Compare(left, right, ignoreCase: false, CultureInfo.InvariantCulture) == 0
            : left is IStructuralEquatable structure ? structure.Equals(right, StructuralComparisons.StructuralEqualityComparer)
            : left.Equals(right);
    }

    public object Add(object? value, object delta)
    {
        object left = PSObjects.Unwrap(value) ?? 0;
        object right = PSObjects.Unwrap(delta) ?? 0;
        if (left is TimeSpan time && right is TimeSpan more)
        {
            return time + more;
        }

        if (!IsNumber(left) || !IsNumber(right))
        {
            throw new ArgumentException(MessageText.Format(Messages.SharedValueNotNumber, IsNumber(left) ? right : left));
        }

        return left is double or float || right is double or float ? ToDouble(left) + ToDouble(right)
            : left is decimal || right is decimal ? Convert.ToDecimal(left, CultureInfo.InvariantCulture) + Convert.ToDecimal(right, CultureInfo.InvariantCulture)
            : AddWhole(ToWhole(left), ToWhole(right), left is long || right is long);
    }

    // What it is or holds may be of the session that shares it.
    private static object? Free(object? value) => value is null or string or ValueType ? value : new SessionObjects(new FreeingRules()).Visit(value);

    [SuppressMessage("Performance", "CA1859:Use concrete types when possible for improved performance", Justification = "It gives numbers of three types.")]
    private static object AddWhole(BigInteger left, BigInteger right, bool isLong)
    {
        // As the engine adds: an int that does not fit becomes what does.
        BigInteger sum = left + right;
        if (!isLong && sum >= int.MinValue && sum <= int.MaxValue)
        {
            return (int)sum;
        }

        if (sum >= long.MinValue && sum <= long.MaxValue)
        {
            return (long)sum;
        }

        return (double)sum;
    }

    private static bool IsNumber(object value) =>
        value is BigInteger || (value is IConvertible convertible and not Enum && convertible.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal);

    private static double ToDouble(object value) => value is BigInteger big ? (double)big : Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static BigInteger ToWhole(object value) => value switch
    {
        BigInteger big => big,
        ulong number => number,
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };
}
