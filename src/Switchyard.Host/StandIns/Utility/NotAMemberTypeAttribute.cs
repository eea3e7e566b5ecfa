using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// Refuses the names of member types, so that <c>Add-Member ScriptProperty name { }</c> means a member of that type and not a
/// note that is called ScriptProperty.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAMemberTypeAttribute : ValidateArgumentsAttribute
{
    // Swallowed, it lets the binder try the other parameter at this place.
    private static readonly ConstructorInfo Constructor = typeof(ValidationMetadataException)
        .GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [typeof(string), typeof(bool)])
        ?? throw new MissingMethodException("This version of the PowerShell engine has no way to swallow a validation error.");

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is string name && Enum.TryParse(name, ignoreCase: true, out PSMemberTypes type)
            && type is (PSMemberTypes.AliasProperty or PSMemberTypes.CodeMethod or PSMemberTypes.CodeProperty or PSMemberTypes.MemberSet
                or PSMemberTypes.NoteProperty or PSMemberTypes.PropertySet or PSMemberTypes.ScriptMethod or PSMemberTypes.ScriptProperty))
        {
            string message = $"The parameter NotePropertyName cannot take values that could be converted to the type {typeof(PSMemberTypes)}.";
            throw (Exception)Constructor.Invoke([message, true]);
        }
    }
}
