using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Split-Path.</summary>
[Cmdlet(VerbsCommon.Split, "Path", DefaultParameterSetName = ParentSet)]
[OutputType(typeof(string), typeof(bool))]
public sealed class SplitPathCommand : ProviderCommandBase
{
    private const string ParentSet = "ParentSet";
    private const string LeafSet = "LeafSet";
    private const string LeafBaseSet = "LeafBaseSet";
    private const string ExtensionSet = "ExtensionSet";
    private const string QualifierSet = "QualifierSet";
    private const string NoQualifierSet = "NoQualifierSet";
    private const string IsAbsoluteSet = "IsAbsoluteSet";
    private const string LiteralSet = "LiteralPathSet";

    [Parameter(Position = 0, ParameterSetName = ParentSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = LeafSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = LeafBaseSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = ExtensionSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = QualifierSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = NoQualifierSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Parameter(Position = 0, ParameterSetName = IsAbsoluteSet, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = LiteralSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter(ParameterSetName = ParentSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Parent { get; set; } = true;

    [Parameter(Mandatory = true, ParameterSetName = LeafSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Leaf { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = LeafBaseSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter LeafBase { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = ExtensionSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Extension { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = QualifierSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Qualifier { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = NoQualifierSet, ValueFromPipelineByPropertyName = true)]
    public SwitchParameter NoQualifier { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = IsAbsoluteSet)]
    public SwitchParameter IsAbsolute { get; set; }

    [Parameter]
    public SwitchParameter Resolve { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, path =>
    {
        if (!Resolve)
        {
            WriteResult(path);
            return;
        }

        foreach (PathInfo found in ResolvePaths(path))
        {
            WriteResult(found.Path);
        }
    });

    private void WriteResult(string path)
    {
        switch (ParameterSetName)
        {
            case LeafSet:
                WriteObject(LeafOf(path));
                break;
            case LeafBaseSet:
                WriteObject(System.IO.Path.GetFileNameWithoutExtension(LeafOf(path)));
                break;
            case ExtensionSet:
                WriteObject(System.IO.Path.GetExtension(LeafOf(path)));
                break;
            case QualifierSet:
                WriteQualifier(path);
                break;
            case NoQualifierSet:
                WriteObject(path[QualifierLength(path)..]);
                break;
            case IsAbsoluteSet:
                WriteObject(SessionState.Path.IsPSAbsolute(path, out _));
                break;
            default:
                WriteObject(SessionState.Path.ParseParent(path, string.Empty));
                break;
        }
    }

    private string LeafOf(string path) => SessionState.Path.ParseChildName(path);

    private void WriteQualifier(string path)
    {
        int length = QualifierLength(path);
        if (length > 0)
        {
            WriteObject(path[..length]);
            return;
        }

        var error = new FormatException($"Cannot parse path because path '{path}' does not have a qualifier specified.");
        WriteError(new ErrorRecord(error, "ParsePathFormatError", ErrorCategory.InvalidArgument, path));
    }

    private static int QualifierLength(string path)
    {
        int provider = path.IndexOf("::", StringComparison.Ordinal);
        if (provider > 0)
        {
            return provider + 2;
        }

        int drive = path.IndexOf(':', StringComparison.Ordinal);
        return drive > 0 ? drive + 1 : 0;
    }
}
