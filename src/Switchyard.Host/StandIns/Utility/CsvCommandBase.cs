using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What all commands on comma-separated values share: the delimiter.</summary>
public abstract class CsvCommandBase : PSCmdlet
{
    [Parameter(Position = 1)]
    [ValidateNotNull]
    public char Delimiter { get; set; } = ',';

    [Parameter]
    public SwitchParameter UseCulture { get; set; }

    /// <summary>What stands between values.</summary>
    protected char EffectiveDelimiter => UseCulture ? CultureInfo.CurrentCulture.TextInfo.ListSeparator[0] : Delimiter;
}
