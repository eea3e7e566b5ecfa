using System.Management.Automation;
using System.Text;
using Newtonsoft.Json;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for ConvertFrom-Json.</summary>
[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    [ValidateRange(ValidateRangeKind.Positive)]
    public int Depth { get; set; } = 1024;

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter]
    public JsonDateKind DateKind { get; set; } = JsonDateKind.Default;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _lines.Add(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_lines.Count == 0)
        {
            return;
        }

        // Each string may be a whole value, as lines of JSON Lines are; if the first is none, all of them together are one.
        if (_lines.Count > 1 && CanRead(_lines[0]))
        {
            _lines.ForEach(Convert);
        }
        else
        {
            Convert(new StringBuilder().AppendJoin('\n', _lines).ToString());
        }
    }

    private bool CanRead(string text)
    {
        try
        {
            Read(text);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Convert(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        try
        {
            WriteObject(Read(text), enumerateCollection: !NoEnumerate);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            var invalid = new ArgumentException($"Conversion from JSON failed with error: {error.Message}", error);
            ThrowTerminatingError(new ErrorRecord(invalid, "System.ArgumentException", ErrorCategory.NotSpecified, null));
        }
    }

    private object? Read(string text)
    {
        using var source = new StringReader(text);
        using JsonTextReader reader = JsonReading.Open(source, Depth, DateKind);
        return new JsonReading(reader, AsHashtable).ReadAll();
    }
}
