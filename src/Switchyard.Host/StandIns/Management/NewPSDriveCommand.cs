using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for New-PSDrive.</summary>
[Cmdlet(VerbsCommon.New, "PSDrive", SupportsShouldProcess = true)]
[OutputType(typeof(PSDriveInfo))]
public sealed class NewPSDriveCommand : ProviderCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string PSProvider { get; set; } = string.Empty;

    [Parameter(Position = 2, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string Root { get; set; } = string.Empty;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string Description { get; set; } = string.Empty;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(() =>
    {
        ProviderInfo provider = SessionState.Provider.GetOne(PSProvider);
        if (ShouldProcess($"Name: {Name} Provider: {provider.Name} Root: {Root}", "New drive"))
        {
            var drive = new PSDriveInfo(Name, provider, Root, Description, PSCredential.Empty);
            SessionState.Drive.New(drive, Scope, CreateContext());
        }
    });
}
