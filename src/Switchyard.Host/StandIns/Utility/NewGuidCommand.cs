using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for New-Guid.</summary>
[Cmdlet(VerbsCommon.New, "Guid", DefaultParameterSetName = "Default")]
[OutputType(typeof(Guid))]
public sealed class NewGuidCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Empty")]
    public SwitchParameter Empty { get; set; }

    [Parameter(Position = 0, ParameterSetName = "InputObject", ValueFromPipeline = true)]
    public string? InputObject { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            WriteObject(Empty ? Guid.Empty : Guid.NewGuid());
        }
        else if (Guid.TryParse(InputObject, out Guid guid))
        {
            WriteObject(guid);
        }
        else
        {
            var error = new FormatException($"Unrecognized Guid format: '{InputObject}'.");
            WriteError(new ErrorRecord(error, "StringNotRecognizedAsGuid", ErrorCategory.InvalidArgument, null));
        }
    }
}
