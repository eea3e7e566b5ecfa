using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What Set-Alias and New-Alias share.</summary>
public abstract class WriteAliasCommandBase : PSCmdlet
{
    private static readonly System.Reflection.ConstructorInfo Constructor = typeof(AliasInfo)
        .GetConstructors(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)
        .First(static constructor => constructor.GetParameters() is [{ Name: "name" }, { Name: "definition" }, _, { Name: "options" }]);

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public string Value { get; set; } = string.Empty;

    [Parameter]
    public string Description { get; set; } = string.Empty;

    [Parameter]
    public ScopedItemOptions Option { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public string? Scope { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the alias into the session.</summary>
    protected void WriteAlias()
    {
        try
        {
            // The alias belongs to the session, whose context only the session's own aliases have.
            object? context = Constructor.GetParameters()[2].ParameterType is { } type ? ContextOf(type) : null;
            var alias = (AliasInfo)Constructor.Invoke([Name, Value, context, Option]);
            if (Description.Length > 0)
            {
                typeof(AliasInfo).GetProperty("Description")!.SetValue(alias, Description);
            }

            AliasInfo result = SessionState.Set(alias, Scope, Force, MyInvocation.CommandOrigin);
            if (PassThru)
            {
                WriteObject(result);
            }
        }
        catch (SessionStateException error)
        {
            WriteError(new ErrorRecord(error.ErrorRecord, error));
        }
    }

    private object? ContextOf(Type type)
        => typeof(System.Management.Automation.Internal.InternalCommand)
            .GetProperty("Context", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic, null, type, [], null)?
            .GetValue(this);
}
