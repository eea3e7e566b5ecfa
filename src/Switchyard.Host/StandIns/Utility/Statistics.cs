using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What is counted of one property, value by value.</summary>
internal sealed class Statistics
{
    private readonly ValueComparer _comparer = new(CultureInfo.CurrentCulture, caseSensitive: false);
    private int _numbers;
    private double _mean;
    private double _squares;

    public int Count { get; private set; }

    public double Sum { get; private set; }

    public object? Minimum { get; private set; }

    public object? Maximum { get; private set; }

    public int Lines { get; private set; }

    public int Words { get; private set; }

    public int Characters { get; private set; }

    public bool IsNumeric { get; private set; } = true;

    public bool HasNumbers => _numbers > 0;

    public double Average => Sum / _numbers;

    public double StandardDeviation => _numbers > 1 ? Math.Sqrt(_squares / (_numbers - 1)) : 0;

    /// <summary>Counts a value. False if it had to be a number and is none.</summary>
    public bool Add(object value, bool needsNumber, bool needsOrder)
    {
        object plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        double number = 0;
        Count++;
        if (needsNumber && !LanguagePrimitives.TryConvertTo(plain, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        _numbers++;
        IsNumeric &= plain is not string && LanguagePrimitives.TryConvertTo(plain, CultureInfo.InvariantCulture, out double _);
        if (needsNumber)
        {
            // Welford: the sum of squares would lose the small differences of large numbers.
            Sum += number;
            double before = number - _mean;
            _mean += before / _numbers;
            _squares += before * (number - _mean);
        }

        if (needsOrder)
        {
            Minimum = Minimum is null || _comparer.Compare(plain, Minimum) < 0 ? plain : Minimum;
            Maximum = Maximum is null || _comparer.Compare(plain, Maximum) > 0 ? plain : Maximum;
        }

        return true;
    }

    /// <summary>Counts a text.</summary>
    public void AddText(string text, bool ignoreWhiteSpace)
    {
        Count++;
        Lines += text.Length == 0 ? 0 : text.TrimEnd('\n').Count(character => character == '\n') + 1;
        Words += text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        Characters += ignoreWhiteSpace ? text.Count(character => !char.IsWhiteSpace(character)) : text.Length;
    }
}
