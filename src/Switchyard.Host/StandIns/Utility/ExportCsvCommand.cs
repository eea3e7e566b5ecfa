using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Export-Csv.</summary>
[Cmdlet(VerbsData.Export, "Csv", SupportsShouldProcess = true, DefaultParameterSetName = "Delimiter")]
public sealed class ExportCsvCommand : CsvCommandBase, IDisposable
{
    private CsvText? _csv;
    private StreamWriter? _writer;

    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string? Path { get; set; }

    [Parameter]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    [EncodingTransformation]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    [Parameter]
    [Alias("UQ")]
    public CsvQuoting UseQuotes { get; set; } = CsvQuoting.Always;

    [Parameter]
    [Alias("NTI")]
    public SwitchParameter NoTypeInformation { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        string? path = LiteralPath ?? Path;
        if (path is null)
        {
            var error = new InvalidOperationException("You must specify either the -Path or -LiteralPath parameters, but not both.");
            ThrowTerminatingError(new ErrorRecord(error, "CannotSpecifyPathAndLiteralPath", ErrorCategory.InvalidData, null));
        }

        if (ShouldProcess(path))
        {
            _writer = OutputFile.Open(this, path!, LiteralPath is not null, Encoding, Append, NoClobber, Force);
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_writer is null)
        {
            return;
        }

        if (_csv is null)
        {
            _csv = new CsvText(EffectiveDelimiter, UseQuotes);
            string header = _csv.Header(InputObject!);
            if (!NoHeader && _writer.BaseStream.Position == 0)
            {
                _writer.WriteLine(header);
            }
        }

        _writer.WriteLine(_csv.Row(InputObject!));
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Dispose();
}
