using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Remove-PSDrive.</summary>
[Cmdlet(VerbsCommon.Remove, "PSDrive", DefaultParameterSetName = "Name", SupportsShouldProcess = true)]
public sealed class RemovePSDriveCommand : ProviderCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "Name", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 0, ParameterSetName = "LiteralName", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] LiteralName
    {
        get => Name;
        set => Name = value;
    }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Name, name =>
    {
        if (ShouldProcess($"Name: {name}", "Remove Drive"))
        {
            SessionState.Drive.Remove(name, Force, Scope, CreateContext());
        }
    });
}
