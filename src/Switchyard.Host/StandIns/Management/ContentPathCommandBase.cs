using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Commands on content: what comes down the pipeline is content, and only an object with a path names a file.</summary>
public abstract class ContentPathCommandBase : FilteredPathCommandBase
{
    [Parameter(Position = 0, ParameterSetName = PathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path
    {
        get => Paths;
        set => Paths = value;
    }
}
