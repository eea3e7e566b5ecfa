using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Write-Warning.</summary>
[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    [Alias("Msg")]
    public string Message { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteWarning(Message);
}
