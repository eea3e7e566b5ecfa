using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Write-Verbose.</summary>
[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    [Alias("Msg")]
    public string Message { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteVerbose(Message);
}
