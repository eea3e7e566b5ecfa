using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for New-Object, without COM objects.</summary>
[Cmdlet(VerbsCommon.New, "Object", DefaultParameterSetName = "Net")]
public sealed class NewObjectCommand : PSCmdlet
{
    private static readonly HiddenMethod Construct = new(
        typeof(PSObject).Assembly.GetType("System.Management.Automation.DotNetAdapter", throwOnError: true)!,
        "ConstructorInvokeDotNet",
        typeof(Type),
        typeof(ConstructorInfo[]),
        typeof(object[]));

    [Parameter(ParameterSetName = "Net", Mandatory = true, Position = 0)]
    public string TypeName { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "Net", Position = 1)]
    [Alias("Args")]
    public object[] ArgumentList { get; set; } = [];

    [Parameter]
    public IDictionary? Property { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (!LanguagePrimitives.TryConvertTo(TypeName, out Type? type))
        {
            var error = new PSArgumentException($"Cannot find type [{TypeName}]: verify that the assembly containing this type is loaded.");
            ThrowTerminatingError(new ErrorRecord(error, "TypeNotFound", ErrorCategory.InvalidType, null));
        }

        if (SessionState.LanguageMode != PSLanguageMode.FullLanguage && !IsCoreType(type!))
        {
            var error = new PSNotSupportedException("Cannot create type. Only core types are supported in this language mode.");
            ThrowTerminatingError(new ErrorRecord(error, "CannotCreateTypeConstrainedLanguage", ErrorCategory.PermissionDenied, null));
        }

        PSObject result = Create(type!);
        SetProperties(result);
        WriteObject(result);
    }

    // Without full language a script may not reach into .NET: this command must be no way around that.
    private static bool IsCoreType(Type type) => type.IsPrimitive || type == typeof(string) || type == typeof(PSObject) || type == typeof(Hashtable)
        || type == typeof(DateTime) || type == typeof(Guid) || type == typeof(decimal) || type == typeof(TimeSpan);

    private PSObject Create(Type type)
    {
        try
        {
            object? created = type.IsValueType && ArgumentList.Length == 0
                ? Activator.CreateInstance(type)
                : Construct.Invoke(null, type, type.GetConstructors(), ArgumentList);
            return PSObject.AsPSObject(created);
        }
        catch (MethodException error)
        {
            ThrowTerminatingError(new ErrorRecord(error, "ConstructorInvokedThrowException", ErrorCategory.InvalidOperation, null));
            throw;
        }
    }

    private void SetProperties(PSObject result)
    {
        foreach (DictionaryEntry entry in Property ?? new Hashtable())
        {
            string name = LanguagePrimitives.ConvertTo<string>(entry.Key);
            if (result.Properties[name] is { } property)
            {
                property.Value = entry.Value;
            }
            else if (result.BaseObject is PSCustomObject)
            {
                result.Properties.Add(new PSNoteProperty(name, entry.Value));
            }
            else
            {
                var error = new InvalidOperationException($"The member \"{name}\" was not found for the specified {TypeName} object.");
                ThrowTerminatingError(new ErrorRecord(error, "InvalidOperation", ErrorCategory.InvalidOperation, null));
            }
        }
    }
}
