using System.Collections;
using System.Management.Automation;
using System.Net;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Read-Host.</summary>
[Cmdlet(VerbsCommunications.Read, "Host", DefaultParameterSetName = "AsString")]
[OutputType(typeof(string), typeof(System.Security.SecureString))]
public sealed class ReadHostCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromRemainingArguments = true)]
    [AllowNull]
    public object? Prompt { get; set; }

    [Parameter(ParameterSetName = "AsSecureString")]
    public SwitchParameter AsSecureString { get; set; }

    [Parameter(ParameterSetName = "AsString")]
    public SwitchParameter MaskInput { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Prompt is not null)
        {
            IEnumerable parts = LanguagePrimitives.GetEnumerable(Prompt) ?? new[] { Prompt };
            Host.UI.Write($"{string.Join(' ', parts.Cast<object?>())}: ");
        }

        if (AsSecureString)
        {
            WriteObject(Host.UI.ReadLineAsSecureString());
        }
        else
        {
            WriteObject(MaskInput ? new NetworkCredential(string.Empty, Host.UI.ReadLineAsSecureString()).Password : Host.UI.ReadLine());
        }
    }
}
