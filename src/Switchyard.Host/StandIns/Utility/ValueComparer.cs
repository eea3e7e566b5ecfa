using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Compares values as PowerShell does, and as text where they have no order of their own.</summary>
internal sealed class ValueComparer(CultureInfo culture, bool caseSensitive) : IComparer<object?>, IEqualityComparer<object?>
{
    /// <summary>Makes a comparer from the parameters of a command.</summary>
    public static ValueComparer Create(string? culture, bool caseSensitive)
        => new(string.IsNullOrEmpty(culture) ? CultureInfo.CurrentCulture : CultureOf(culture), caseSensitive);

    public int Compare(object? x, object? y)
    {
        object? first = Plain(x);
        object? second = Plain(y);
        return LanguagePrimitives.TryCompare(first, second, !caseSensitive, culture, out int result)
            ? result
            : culture.CompareInfo.Compare(Text(first), Text(second), caseSensitive ? CompareOptions.None : CompareOptions.IgnoreCase);
    }

    bool IEqualityComparer<object?>.Equals(object? x, object? y) => Compare(x, y) == 0;

    int IEqualityComparer<object?>.GetHashCode(object? value)
    {
        // Values of different types may be equal (1 and 1.0 and '1'), so that only their text may tell them apart.
        string text = Text(Plain(value));
        return caseSensitive ? StringComparer.Ordinal.GetHashCode(text) : StringComparer.OrdinalIgnoreCase.GetHashCode(text);
    }

    private static CultureInfo CultureOf(string culture)
        => int.TryParse(culture, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? CultureInfo.GetCultureInfo(number)
            : CultureInfo.GetCultureInfo(culture);

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    private static string Text(object? value) => value is null ? string.Empty : PSObject.AsPSObject(value).ToString();
}
