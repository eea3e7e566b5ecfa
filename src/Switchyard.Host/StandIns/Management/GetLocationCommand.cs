using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Location.</summary>
[Cmdlet(VerbsCommon.Get, "Location", DefaultParameterSetName = "Location")]
[OutputType(typeof(PathInfo), typeof(PathInfoStack))]
public sealed class GetLocationCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Location", ValueFromPipelineByPropertyName = true)]
    public string[] PSProvider { get; set; } = [];

    [Parameter(ParameterSetName = "Location", ValueFromPipelineByPropertyName = true)]
    public string[] PSDrive { get; set; } = [];

    [Parameter(ParameterSetName = "Stack")]
    public SwitchParameter Stack { get; set; }

    [Parameter(ParameterSetName = "Stack", ValueFromPipelineByPropertyName = true)]
    public string[] StackName { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Stack")
        {
            foreach (string? name in StackName.Length == 0 ? new string?[1] : StackName)
            {
                WriteObject(SessionState.Path.LocationStack(name), enumerateCollection: false);
            }
        }
        else if (PSDrive.Length > 0)
        {
            foreach (string drive in PSDrive)
            {
                foreach (PathInfo path in SessionState.Path.GetResolvedPSPathFromPSPath($"{drive}:"))
                {
                    WriteObject(path);
                }
            }
        }
        else if (PSProvider.Length > 0)
        {
            foreach (string provider in PSProvider)
            {
                WriteObject(SessionState.Path.CurrentProviderLocation(provider));
            }
        }
        else
        {
            WriteObject(SessionState.Path.CurrentLocation);
        }
    }
}
