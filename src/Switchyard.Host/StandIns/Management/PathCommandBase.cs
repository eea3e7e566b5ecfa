using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Commands on items: what comes down the pipeline are paths.</summary>
public abstract class PathCommandBase : FilteredPathCommandBase
{
    [Parameter(Position = 0, ParameterSetName = PathSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path
    {
        get => Paths;
        set => Paths = value;
    }
}
