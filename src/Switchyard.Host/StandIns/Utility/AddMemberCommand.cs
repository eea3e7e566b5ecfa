using System.Collections;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Add-Member.</summary>
[Cmdlet(VerbsCommon.Add, "Member", DefaultParameterSetName = TypeNameSet)]
public sealed class AddMemberCommand : PSCmdlet
{
    private const string TypeNameSet = "TypeNameSet";
    private const string MemberSet = "MemberSet";
    private const string SingleSet = "NotePropertySingleMemberSet";
    private const string MultiSet = "NotePropertyMultiMemberSet";

    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MemberSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TypeNameSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = SingleSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MultiSet)]
    public PSObject? InputObject { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = MemberSet)]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; }

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = MemberSet)]
    public string Name { get; set; } = string.Empty;

    [Parameter(Position = 2, ParameterSetName = MemberSet)]
    public object? Value { get; set; }

    [Parameter(Position = 3, ParameterSetName = MemberSet)]
    public object? SecondValue { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = TypeNameSet)]
    [Parameter(ParameterSetName = MemberSet)]
    [Parameter(ParameterSetName = SingleSet)]
    [Parameter(ParameterSetName = MultiSet)]
    [ValidateNotNullOrEmpty]
    public string? TypeName { get; set; }

    [Parameter(ParameterSetName = MemberSet)]
    [Parameter(ParameterSetName = SingleSet)]
    [Parameter(ParameterSetName = MultiSet)]
    public SwitchParameter Force { get; set; }

    [Parameter(ParameterSetName = MemberSet)]
    [Parameter(ParameterSetName = TypeNameSet)]
    [Parameter(ParameterSetName = SingleSet)]
    [Parameter(ParameterSetName = MultiSet)]
    public SwitchParameter PassThru { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = SingleSet)]
    [NotAMemberType]
    public string NotePropertyName { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SingleSet)]
    [AllowNull]
    public object? NotePropertyValue { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = MultiSet)]
    public IDictionary? NotePropertyMembers { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        PSObject target = InputObject!;
        switch (ParameterSetName)
        {
            case MemberSet:
                Add(target, CreateMember());
                break;
            case SingleSet:
                Add(target, new PSNoteProperty(NotePropertyName, NotePropertyValue));
                break;
            case MultiSet:
                foreach (DictionaryEntry entry in NotePropertyMembers!)
                {
                    Add(target, new PSNoteProperty(LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value));
                }

                break;
        }

        if (TypeName is not null)
        {
            target.TypeNames.Insert(0, TypeName);
        }

        if (PassThru)
        {
            WriteObject(target);
        }
    }

    private PSMemberInfo CreateMember() => MemberType switch
    {
        PSMemberTypes.NoteProperty => new PSNoteProperty(Name, Value),
        PSMemberTypes.AliasProperty => SecondValue is null
            ? new PSAliasProperty(Name, LanguagePrimitives.ConvertTo<string>(Value))
            : new PSAliasProperty(Name, LanguagePrimitives.ConvertTo<string>(Value), LanguagePrimitives.ConvertTo<Type>(SecondValue)),
        PSMemberTypes.ScriptProperty => new PSScriptProperty(Name, Script(Value), Script(SecondValue)),
        PSMemberTypes.ScriptMethod => new PSScriptMethod(Name, Script(Value)),
        PSMemberTypes.PropertySet => new PSPropertySet(Name, LanguagePrimitives.ConvertTo<string[]>(Value)),
        PSMemberTypes.MemberSet => new PSMemberSet(Name),
        _ => throw new PSArgumentException($"Cannot add a member with type \"{MemberType}\". Specify a different type for the MemberTypes parameter."),
    };

    private static ScriptBlock? Script(object? value) => value is null ? null : LanguagePrimitives.ConvertTo<ScriptBlock>(value);

    private void Add(PSObject target, PSMemberInfo member)
    {
        if (target.Members[member.Name] is { } existing)
        {
            if (!Force)
            {
                var error = new InvalidOperationException($"Cannot add a member with the name \"{member.Name}\" because a member with that name already exists. "
                    + "To overwrite the member anyway, add the Force parameter to your command.");
                WriteError(new ErrorRecord(error, "MemberAlreadyExists", ErrorCategory.InvalidOperation, target));
                return;
            }

            if (existing.IsInstance)
            {
                target.Members.Remove(member.Name);
            }
        }

        target.Members.Add(member);
    }
}
