using System.Collections;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Write-Host.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    private static readonly string[] HostTags = ["PSHOST"];

    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public object Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage
        {
            Message = TextOf(Object),
            NoNewLine = NoNewline,
            ForegroundColor = ForegroundColor,
            BackgroundColor = BackgroundColor,
        };
        WriteInformation(message, HostTags);
    }

    private string TextOf(object? value)
    {
        object? plain = value is PSObject { BaseObject: var inner } ? inner : value;
        return plain switch
        {
            null => string.Empty,
            string text => text,
            IEnumerable items and not IDictionary => string.Join(LanguagePrimitives.ConvertTo<string>(Separator), items.Cast<object?>().Select(TextOf)),
            _ => LanguagePrimitives.ConvertTo<string>(value),
        };
    }
}
