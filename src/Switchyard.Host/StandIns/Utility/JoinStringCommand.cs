using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Join-String.</summary>
[Cmdlet(VerbsCommon.Join, "String", DefaultParameterSetName = "default")]
[OutputType(typeof(string))]
public sealed class JoinStringCommand : PSCmdlet
{
    private readonly List<string> _parts = [];

    [Parameter(Position = 0)]
    public PSPropertyExpression? Property { get; set; }

    [Parameter(Position = 1)]
    [AllowEmptyString]
    public string? Separator { get; set; }

    [Parameter]
    [Alias("op")]
    public string OutputPrefix { get; set; } = string.Empty;

    [Parameter]
    [Alias("os")]
    public string OutputSuffix { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "SingleQuote")]
    public SwitchParameter SingleQuote { get; set; }

    [Parameter(ParameterSetName = "DoubleQuote")]
    public SwitchParameter DoubleQuote { get; set; }

    [Parameter(ParameterSetName = "Format")]
    public string? FormatString { get; set; }

    [Parameter]
    public SwitchParameter UseCulture { get; set; }

    [Parameter(ValueFromPipeline = true)]
    public PSObject?[]? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject? item in InputObject ?? [])
        {
            object? value = item is null || Property is null ? item : Property.GetValues(item).FirstOrDefault()?.Result;
            if (value is not null)
            {
                _parts.Add(TextOf(value));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        string separator = Separator ?? LanguagePrimitives.ConvertTo<string>(GetVariableValue("OFS") ?? string.Empty);
        WriteObject(OutputPrefix + string.Join(separator, _parts) + OutputSuffix);
    }

    private string TextOf(object value)
    {
        CultureInfo culture = UseCulture ? CultureInfo.CurrentCulture : CultureInfo.InvariantCulture;
        object plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (FormatString is not null)
        {
            return string.Format(culture, FormatString, plain);
        }

        string text = (string)LanguagePrimitives.ConvertTo(value, typeof(string), culture);
        return SingleQuote ? $"'{text}'" : DoubleQuote ? $"\"{text}\"" : text;
    }
}
