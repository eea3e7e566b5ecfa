using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Write-Output.</summary>
[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutputCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(InputObject, enumerateCollection: !NoEnumerate);
}
