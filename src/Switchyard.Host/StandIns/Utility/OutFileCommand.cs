using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Out-File, which is also what <c>&gt;</c> and <c>&gt;&gt;</c> run.</summary>
[Cmdlet(VerbsData.Out, "File", SupportsShouldProcess = true, DefaultParameterSetName = "ByPath")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _writer;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "ByPath")]
    [Alias("Path")]
    public string FilePath { get; set; } = string.Empty;

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByLiteralPath")]
    [Alias("PSPath", "LP")]
    public string LiteralPath
    {
        get => FilePath;
        set => FilePath = value;
    }

    [Parameter(Position = 1)]
    [EncodingTransformation]
    [ValidateNotNullOrEmpty]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (ShouldProcess(FilePath, "Output to File"))
        {
            _writer = OutputFile.Open(this, FilePath, ParameterSetName == "ByLiteralPath", Encoding, Append, NoClobber, Force);
        }

        FormatEngine.UseWriter(this, _writer ?? TextWriter.Null, Width, NoNewline);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        _writer?.Flush();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        Close();
    }

    /// <inheritdoc/>
    protected override void InternalDispose()
    {
        base.InternalDispose();
        Close();
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
