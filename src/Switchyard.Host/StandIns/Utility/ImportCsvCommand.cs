using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Import-Csv.</summary>
[Cmdlet(VerbsData.Import, "Csv", DefaultParameterSetName = "DelimiterPath")]
public sealed class ImportCsvCommand : CsvCommandBase
{
    [Parameter(Position = 0, ParameterSetName = "DelimiterPath", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "DelimiterLiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter]
    public string[]? Header { get; set; }

    [Parameter]
    [EncodingTransformation]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            try
            {
                foreach (string file in SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _))
                {
                    Read(file);
                }
            }
            catch (ItemNotFoundException error)
            {
                WriteError(new ErrorRecord(error.ErrorRecord, error));
            }
        }

        foreach (string path in LiteralPath)
        {
            Read(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
        }
    }

    private void Read(string file)
    {
        try
        {
            using var text = new StreamReader(file, Encoding, detectEncodingFromByteOrderMarks: true);
            foreach (PSObject item in new CsvReading(text, EffectiveDelimiter).ReadObjects(Header))
            {
                WriteObject(item);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(error, "FileOpenFailure", ErrorCategory.OpenError, file));
        }
    }
}
