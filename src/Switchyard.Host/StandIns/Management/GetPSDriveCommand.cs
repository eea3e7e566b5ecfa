using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-PSDrive.</summary>
[Cmdlet(VerbsCommon.Get, "PSDrive", DefaultParameterSetName = "Name")]
[OutputType(typeof(PSDriveInfo))]
public sealed class GetPSDriveCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Name", ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 0, ParameterSetName = "LiteralName", Mandatory = true, ValueFromPipeline = false, ValueFromPipelineByPropertyName = true)]
    public string[] LiteralName { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Scope { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string[] PSProvider { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PSDriveInfo[] drives = [.. SessionState.Drive.GetAllAtScope(Scope).OrderBy(drive => drive.Name, StringComparer.OrdinalIgnoreCase)];
        foreach (string name in ParameterSetName == "LiteralName" ? LiteralName.Select(WildcardPattern.Escape) : Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            PSDriveInfo[] found = [.. drives.Where(drive => pattern.IsMatch(drive.Name) && IsOfProvider(drive))];
            WriteObject(found, enumerateCollection: true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                var error = new System.IO.DriveNotFoundException($"Cannot find drive. A drive with the name '{name}' does not exist.");
                WriteError(new ErrorRecord(error, "GetLocationNoMatchingDrive", ErrorCategory.ObjectNotFound, name));
            }
        }
    }

    private bool IsOfProvider(PSDriveInfo drive)
        => PSProvider.Length == 0
            || PSProvider.Any(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase).IsMatch(drive.Provider.Name));
}
