using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Commands that take paths, as patterns or as they are, and filters.</summary>
public abstract class FilteredPathCommandBase : ProviderCommandBase
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    private bool _literal;

    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipeline = false, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Paths;
        set
        {
            _literal = true;
            Paths = value;
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

    /// <summary>The paths, whichever parameter they came by.</summary>
    private protected string[] Paths { get; set; } = [];

    /// <summary>The path that dynamic parameters are asked for: the first, or where the session is.</summary>
    private protected string FirstPath => Paths is [var first, ..] ? first : ".";

    private protected override void SetFilters(ProviderContext context) => context.SetFilters(Include, Exclude, Filter);
}
