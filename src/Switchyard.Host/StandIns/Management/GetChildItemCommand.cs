using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-ChildItem.</summary>
[Cmdlet(VerbsCommon.Get, "ChildItem", DefaultParameterSetName = "Items")]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class GetChildItemCommand : ProviderCommandBase
{
    private bool _literal;
    private uint? _depth;
    private bool _recurse;

    [Parameter(Position = 0, ParameterSetName = "Items", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [string.Empty];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralItems", ValueFromPipelineByPropertyName = true)]
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

    [Parameter(Position = 1)]
    public string? Filter { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    [Alias("s", "r")]
    public SwitchParameter Recurse
    {
        get => _recurse;
        set => _recurse = value;
    }

    [Parameter]
    public uint Depth
    {
        get => _depth ?? uint.MaxValue;
        set
        {
            _depth = value;
            _recurse = true;
        }
    }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter Name { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        ProviderContext context = CreateContext();
        if (Name)
        {
            InvokeProvider.ChildItem.GetNames(path, _recurse, Depth, context);
        }
        else
        {
            InvokeProvider.ChildItem.Get(path, _recurse, Depth, context);
        }
    });

    private protected override void SetFilters(ProviderContext context) => context.SetFilters(Include, Exclude, Filter);

    private protected override object? GetDynamicParameters(ProviderContext context)
        => DynamicParameterCall.ForChildItems(this, Path is [{ Length: > 0 } first, ..] ? first : ".", _recurse, context);
}
