using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for ConvertTo-Json.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    [Parameter]
    public StringEscapeHandling EscapeHandling { get; set; } = StringEscapeHandling.Default;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _items.Add(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_items.Count == 0)
        {
            return;
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = Environment.NewLine };
        using var output = new JsonTextWriter(text)
        {
            Formatting = Compress ? Formatting.None : Formatting.Indented,
            StringEscapeHandling = EscapeHandling,
        };
        var writer = new JsonWriter(output, Depth, EnumsAsStrings, () => Stopping);
        writer.Write(_items.Count > 1 || AsArray ? _items : _items[0]);
        output.Flush();
        if (writer.IsTruncated)
        {
            WriteWarning($"Resulting JSON is truncated as serialization has exceeded the set depth of {Depth}.");
        }

        WriteObject(text.ToString());
    }
}
