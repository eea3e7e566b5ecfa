using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for ConvertTo-Csv.</summary>
[Cmdlet(VerbsData.ConvertTo, "Csv")]
[OutputType(typeof(string))]
public sealed class ConvertToCsvCommand : CsvCommandBase
{
    private CsvText? _csv;

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoHeader { get; set; }

    [Parameter]
    [Alias("UQ")]
    public CsvQuoting UseQuotes { get; set; } = CsvQuoting.Always;

    [Parameter]
    [Alias("NTI")]
    public SwitchParameter NoTypeInformation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_csv is null)
        {
            _csv = new CsvText(EffectiveDelimiter, UseQuotes);
            string header = _csv.Header(InputObject!);
            if (!NoHeader)
            {
                WriteObject(header);
            }
        }

        WriteObject(_csv.Row(InputObject!));
    }
}
