using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Culture.</summary>
[Cmdlet(VerbsCommon.Get, "Culture", DefaultParameterSetName = "CurrentCulture")]
[OutputType(typeof(CultureInfo))]
public sealed class GetCultureCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Name", Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter(ParameterSetName = "CurrentCulture")]
    [Parameter(ParameterSetName = "Name")]
    public SwitchParameter NoUserOverrides { get; set; }

    [Parameter(ParameterSetName = "ListAvailable")]
    public SwitchParameter ListAvailable { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case "Name":
                foreach (string name in Name)
                {
                    WriteCulture(name);
                }

                break;
            case "ListAvailable":
                WriteObject(CultureInfo.GetCultures(CultureTypes.AllCultures), enumerateCollection: true);
                break;
            default:
                WriteObject(NoUserOverrides ? new CultureInfo(Host.CurrentCulture.Name, useUserOverride: false) : Host.CurrentCulture);
                break;
        }
    }

    private void WriteCulture(string name)
    {
        try
        {
            WriteObject(new CultureInfo(name, useUserOverride: !NoUserOverrides));
        }
        catch (CultureNotFoundException error)
        {
            WriteError(new ErrorRecord(error, "ItemNotFoundException", ErrorCategory.ObjectNotFound, name));
        }
    }
}
