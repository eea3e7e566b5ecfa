using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Rename-Item.</summary>
[Cmdlet(VerbsCommon.Rename, "Item", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
public sealed class RenameItemCommand : ProviderCommandBase
{
    private bool _literal;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByPath")]
    public string Path { get; set; } = string.Empty;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string LiteralPath
    {
        get => Path;
        set
        {
            _literal = true;
            Path = value;
        }
    }

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    public string NewName { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => PassThru;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(() =>
    {
        foreach (PathInfo found in ResolvePaths(Path))
        {
            InvokeProvider.Item.Rename(found.Path, NewName, CreateContext(literal: true));
        }
    });
}
