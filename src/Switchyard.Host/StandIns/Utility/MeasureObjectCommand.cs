using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Measure-Object.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Object", DefaultParameterSetName = GenericSet)]
[OutputType(typeof(GenericMeasureInfo), typeof(TextMeasureInfo), typeof(GenericObjectMeasureInfo))]
public sealed class MeasureObjectCommand : PSCmdlet
{
    private const string GenericSet = "GenericMeasure";
    private const string TextSet = "TextMeasure";

    private readonly Dictionary<string, Statistics> _statistics = new(StringComparer.OrdinalIgnoreCase);

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public PSPropertyExpression[]? Property { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter StandardDeviation { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Sum { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter AllStats { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Average { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Maximum { get; set; }

    [Parameter(ParameterSetName = GenericSet)]
    public SwitchParameter Minimum { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Line { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Word { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Character { get; set; }

    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter IgnoreWhiteSpace { get; set; }

    private bool IsText => ParameterSetName == TextSet;

    private bool NeedsNumbers => Sum || Average || StandardDeviation || AllStats;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == System.Management.Automation.Internal.AutomationNull.Value)
        {
            return;
        }

        if (Property is null)
        {
            Add(string.Empty, InputObject.BaseObject is PSCustomObject ? InputObject : InputObject.BaseObject);
            return;
        }

        foreach (PSPropertyExpression expression in Property)
        {
            foreach (PSPropertyExpression name in expression.ResolveNames(InputObject))
            {
                foreach (PSPropertyExpressionResult result in name.GetValues(InputObject))
                {
                    if (result is { Exception: null, Result: not null })
                    {
                        Add(result.ResolvedExpression.ToString(), result.Result);
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Property is null)
        {
            WriteObject(Describe(null, _statistics.GetValueOrDefault(string.Empty) ?? new Statistics()));
            return;
        }

        foreach ((string name, Statistics statistics) in _statistics)
        {
            WriteObject(Describe(name, statistics));
        }
    }

    private void Add(string name, object value)
    {
        if (!_statistics.TryGetValue(name, out Statistics? statistics))
        {
            _statistics.Add(name, statistics = new Statistics());
        }

        if (IsText)
        {
            statistics.AddText(PSObject.AsPSObject(value).ToString(), IgnoreWhiteSpace);
        }
        else if (!statistics.Add(value, NeedsNumbers, Minimum || Maximum || AllStats))
        {
            var error = new PSInvalidOperationException($"Input object \"{value}\" is not numeric.");
            WriteError(new ErrorRecord(error, "NonNumericInputObject", ErrorCategory.InvalidType, value));
        }
    }

    private MeasureInfo Describe(string? name, Statistics statistics)
    {
        if (IsText)
        {
            return new TextMeasureInfo
            {
                Property = name,
                Lines = Line ? statistics.Lines : null,
                Words = Word ? statistics.Words : null,
                Characters = Character ? statistics.Characters : null,
            };
        }

        bool hasNumbers = NeedsNumbers && statistics.HasNumbers;
        double? average = hasNumbers && (Average || AllStats) ? statistics.Average : null;
        double? sum = hasNumbers && (Sum || AllStats) ? statistics.Sum : null;
        double? deviation = hasNumbers && (StandardDeviation || AllStats) ? statistics.StandardDeviation : null;
        object? maximum = Maximum || AllStats ? statistics.Maximum : null;
        object? minimum = Minimum || AllStats ? statistics.Minimum : null;
        bool isNumeric = LanguagePrimitives.TryConvertTo(maximum, out double? high) & LanguagePrimitives.TryConvertTo(minimum, out double? low)
            && statistics.IsNumeric;
        return isNumeric || (maximum is null && minimum is null)
            ? new GenericMeasureInfo { Property = name, Count = statistics.Count, Average = average, Sum = sum, StandardDeviation = deviation, Maximum = high, Minimum = low }
            : new GenericObjectMeasureInfo { Property = name, Count = statistics.Count, Average = average, Sum = sum, StandardDeviation = deviation, Maximum = maximum, Minimum = minimum };
    }
}
