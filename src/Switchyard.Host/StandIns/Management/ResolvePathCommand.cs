using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Resolve-Path.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(string))]
public sealed class ResolvePathCommand : ProviderCommandBase
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

    [Parameter]
    public SwitchParameter Relative { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        foreach (PathInfo found in ResolvePaths(path))
        {
            WriteObject(Relative ? RelativeTo(SessionState.Path.CurrentLocation.ProviderPath, found.ProviderPath) : found);
        }
    });

    private static string RelativeTo(string folder, string path)
    {
        string relative = System.IO.Path.GetRelativePath(folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? relative : $".{System.IO.Path.DirectorySeparatorChar}{relative}";
    }
}
