using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Join-Path.</summary>
[Cmdlet(VerbsCommon.Join, "Path")]
[OutputType(typeof(string))]
public sealed class JoinPathCommand : ProviderCommandBase
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    public string[] Path { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    public string[]? ChildPath { get; set; }

    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] AdditionalChildPath { get; set; } = [];

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        string joined = path;
        foreach (string child in (ChildPath ?? []).Concat(AdditionalChildPath))
        {
            joined = SessionState.Path.Combine(joined, child, CreateContext());
        }

        if (Resolve)
        {
            foreach (PathInfo found in ResolvePaths(joined))
            {
                WriteObject(found.Path);
            }
        }
        else
        {
            WriteObject(joined);
        }
    });
}
