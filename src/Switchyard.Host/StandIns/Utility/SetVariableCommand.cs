using System.Management.Automation;
using System.Management.Automation.Internal;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Set-Variable, without -Append.</summary>
[Cmdlet(VerbsCommon.Set, "Variable", SupportsShouldProcess = true)]
[OutputType(typeof(PSVariable))]
public sealed class SetVariableCommand : VariableCommandBase
{
    private readonly List<object?> _piped = [];
    private bool _bound;

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public object? Value { get; set; } = AutomationNull.Value;

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    public ScopedItemOptions? Option { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SessionStateEntryVisibility? Visibility { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _bound = MyInvocation.BoundParameters.ContainsKey("Value");

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!_bound && MyInvocation.BoundParameters.ContainsKey("Value"))
        {
            _piped.Add(Value);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        object? value = _bound || _piped.Count == 0 ? Value : _piped.Count == 1 ? _piped[0] : _piped.ToArray();
        bool keepsValue = !_bound && _piped.Count == 0;
        foreach (string name in Name)
        {
            PSVariable[] existing = [.. Find([name], Include, Exclude, report: false, hidden: Force)];
            if (existing.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                existing = [new PSVariable(name)];
            }

            foreach (PSVariable variable in existing)
            {
                Attempt(() => Set(variable, keepsValue ? variable.Value : value));
            }
        }
    }

    private void Set(PSVariable existing, object? value)
    {
        if (!ShouldProcess($"Name: {existing.Name} Value: {value}", "Set variable"))
        {
            return;
        }

        object? plain = value == AutomationNull.Value ? null : value;
        var variable = new PSVariable(existing.Name, plain, Option ?? existing.Options)
        {
            Description = Description ?? existing.Description,
            Visibility = Visibility ?? existing.Visibility,
        };

        // A cmdlet has no scope of its own: without -Scope the variable is the caller's.
        PSVariable set = SessionState.Set(variable, Scope ?? "0", Force, MyInvocation.CommandOrigin);
        if (PassThru)
        {
            WriteObject(set);
        }
    }
}
