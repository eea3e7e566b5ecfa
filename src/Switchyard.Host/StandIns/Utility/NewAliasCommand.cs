using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for New-Alias.</summary>
[Cmdlet(VerbsCommon.New, "Alias", SupportsShouldProcess = true)]
[OutputType(typeof(AliasInfo))]
public sealed class NewAliasCommand : WriteAliasCommandBase
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"Name: {Name} Value: {Value}", "New Alias"))
        {
            return;
        }

        if (!Force && SessionState.Aliases(Scope ?? "0").Any(alias => alias.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)))
        {
            var error = new SessionStateException($"The alias is not allowed, because an alias with the name '{Name}' already exists.");
            WriteError(new ErrorRecord(error, "AliasAlreadyExists", ErrorCategory.ResourceExists, Name));
            return;
        }

        WriteAlias();
    }
}
