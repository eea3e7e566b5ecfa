using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Set-Alias.</summary>
[Cmdlet(VerbsCommon.Set, "Alias", SupportsShouldProcess = true)]
[OutputType(typeof(AliasInfo))]
public sealed class SetAliasCommand : WriteAliasCommandBase
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ShouldProcess($"Name: {Name} Value: {Value}", "Set Alias"))
        {
            WriteAlias();
        }
    }
}
