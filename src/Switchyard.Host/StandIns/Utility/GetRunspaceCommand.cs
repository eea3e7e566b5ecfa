using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Runspace.</summary>
[Cmdlet(VerbsCommon.Get, "Runspace", DefaultParameterSetName = "NameParameterSet")]
[OutputType(typeof(Runspace))]
public sealed class GetRunspaceCommand : PSCmdlet
{
    private static readonly HiddenMethod List = new(typeof(Runspace), "get_RunspaceList");

    [Parameter(Position = 0, ParameterSetName = "NameParameterSet")]
    public string[] Name { get; set; } = ["*"];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "IdParameterSet")]
    public int[] Id { get; set; } = [];

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "InstanceIdParameterSet")]
    public Guid[] InstanceId { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var all = (IReadOnlyList<Runspace>)List.Invoke(null)!;
        WildcardPattern[] patterns = [.. Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        WriteObject(
            all.Where(runspace => ParameterSetName switch
            {
                "IdParameterSet" => Id.Contains(runspace.Id),
                "InstanceIdParameterSet" => InstanceId.Contains(runspace.InstanceId),
                _ => patterns.Any(pattern => pattern.IsMatch(runspace.Name)),
            }).OrderBy(runspace => runspace.Id),
            enumerateCollection: true);
    }
}
