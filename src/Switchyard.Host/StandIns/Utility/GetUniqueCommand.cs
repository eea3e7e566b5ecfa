using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Unique.</summary>
[Cmdlet(VerbsCommon.Get, "Unique", DefaultParameterSetName = "AsString")]
public sealed class GetUniqueCommand : PSCmdlet
{
    private PSObject? _last;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(ParameterSetName = "AsString")]
    public SwitchParameter AsString { get; set; }

    [Parameter(ParameterSetName = "UniqueByType")]
    public SwitchParameter OnType { get; set; }

    [Parameter]
    public SwitchParameter CaseInsensitive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null || (_last is not null && IsSame(InputObject, _last)))
        {
            return;
        }

        WriteObject(InputObject);
        _last = InputObject;
    }

    private bool IsSame(PSObject current, PSObject last)
    {
        if (OnType)
        {
            return current.TypeNames[0].Equals(last.TypeNames[0], StringComparison.OrdinalIgnoreCase);
        }

        return AsString
            ? string.Equals(current.ToString(), last.ToString(), CaseInsensitive ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
            : new ValueComparer(CultureInfo.CurrentCulture, !CaseInsensitive).Compare(current, last) == 0;
    }
}
