using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Convert-Path.</summary>
[Cmdlet(VerbsData.Convert, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(string))]
public sealed class ConvertPathCommand : ProviderCommandBase
{
    private bool _literal;

    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set
        {
            _literal = true;
            Path = value;
        }
    }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        foreach (PathInfo found in ResolvePaths(path))
        {
            WriteObject(found.ProviderPath);
        }
    });
}
