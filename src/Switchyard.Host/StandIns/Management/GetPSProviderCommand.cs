using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-PSProvider.</summary>
[Cmdlet(VerbsCommon.Get, "PSProvider")]
[OutputType(typeof(ProviderInfo))]
public sealed class GetPSProviderCommand : ProviderCommandBase
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string[] PSProvider { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (PSProvider.Length == 0)
        {
            WriteObject(SessionState.Provider.GetAll(), enumerateCollection: true);
            return;
        }

        ForEachPath(PSProvider, name => WriteObject(SessionState.Provider.Get(name), enumerateCollection: true));
    }
}
