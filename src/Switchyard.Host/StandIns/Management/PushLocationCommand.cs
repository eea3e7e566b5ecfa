using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Push-Location.</summary>
[Cmdlet(VerbsCommon.Push, "Location", DefaultParameterSetName = "Path")]
[OutputType(typeof(PathInfo))]
public sealed class PushLocationCommand : ProviderCommandBase
{
    private bool _literal;

    [Parameter(Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string? LiteralPath
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

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? StackName { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SessionState.Path.PushCurrentLocation(StackName);
        if (Path is null)
        {
            return;
        }

        PathInfo? moved = null;
        if (!Attempt(() => moved = SessionState.Path.SetLocation(Path, CreateContext(), _literal)))
        {
            SessionState.Path.PopLocation(StackName);
        }
        else if (PassThru)
        {
            WriteObject(moved);
        }
    }
}
