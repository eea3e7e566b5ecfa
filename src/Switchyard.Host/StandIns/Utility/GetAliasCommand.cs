using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Alias.</summary>
[Cmdlet(VerbsCommon.Get, "Alias", DefaultParameterSetName = "Default")]
[OutputType(typeof(AliasInfo))]
public sealed class GetAliasCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Default", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    public string[] Exclude { get; set; } = [];

    [Parameter]
    public string? Scope { get; set; }

    [Parameter(ParameterSetName = "Definition")]
    public string[] Definition { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool byDefinition = ParameterSetName == "Definition";
        foreach (string wanted in byDefinition ? Definition : Name)
        {
            var pattern = WildcardPattern.Get(wanted, WildcardOptions.IgnoreCase);
            AliasInfo[] found = [.. SessionState.Aliases(Scope)
                .Where(alias => pattern.IsMatch(byDefinition ? alias.Definition : alias.Name) && !IsExcluded(alias.Name))
                .OrderBy(alias => alias.Name, StringComparer.OrdinalIgnoreCase)];
            WriteObject(found, enumerateCollection: true);
            if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(wanted))
            {
                string what = byDefinition ? "definition" : "name";
                var error = new ItemNotFoundException($"This command cannot find a matching alias because an alias with the {what} '{wanted}' does not exist.");
                WriteError(new ErrorRecord(error, "ItemNotFoundException", ErrorCategory.ObjectNotFound, wanted));
            }
        }
    }

    private bool IsExcluded(string name) => Exclude.Any(pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name));
}
