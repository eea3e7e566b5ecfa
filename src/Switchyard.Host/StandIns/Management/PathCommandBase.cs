using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Commands that take -Path or -LiteralPath, and filters.</summary>
public abstract class PathCommandBase : ProviderCommandBase
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    private bool _literal;

    [Parameter(Position = 0, ParameterSetName = PathSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipeline = false, ValueFromPipelineByPropertyName = true)]
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
    public string? Filter { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    private protected override void SetFilters(ProviderContext context) => context.SetFilters(Include, Exclude, Filter);

    /// <summary>The path that dynamic parameters are asked for: the first, or where the session is.</summary>
    private protected string FirstPath => Path is [var first, ..] ? first : ".";
}
