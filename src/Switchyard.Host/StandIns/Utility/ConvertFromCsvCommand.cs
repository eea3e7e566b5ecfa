using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for ConvertFrom-Csv.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Csv")]
public sealed class ConvertFromCsvCommand : CsvCommandBase
{
    private readonly List<string> _lines = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public PSObject[] InputObject { get; set; } = [];

    [Parameter]
    public string[]? Header { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _lines.AddRange(InputObject.Select(line => line.ToString()));

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        using var text = new StringReader(string.Join('\n', _lines));
        foreach (PSObject item in new CsvReading(text, EffectiveDelimiter).ReadObjects(Header))
        {
            WriteObject(item);
        }
    }
}
