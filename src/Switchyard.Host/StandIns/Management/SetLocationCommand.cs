using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Set-Location.</summary>
[Cmdlet(VerbsCommon.Set, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo), typeof(PathInfoStack))]
public sealed class SetLocationCommand : ProviderCommandBase
{
    private bool _literal;

    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "~";

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
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

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = "Stack", ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override void ProcessRecord() => Attempt(() =>
    {
        object result = ParameterSetName == "Stack"
            ? SessionState.Path.SetDefaultLocationStack(StackName)
            : SessionState.Path.SetLocation(Path, CreateContext(), _literal);
        if (PassThru)
        {
            WriteObject(result, enumerateCollection: false);
        }
    });
}
