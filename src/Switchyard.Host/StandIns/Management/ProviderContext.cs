using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// The engine's own context of a call into a provider: it streams results and errors into the cmdlet, knows filters, dynamic
/// parameters, -WhatIf and stopping. The public provider interface has none of these, so this is worth the reflection.
/// </summary>
internal sealed class ProviderContext
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    // First: the fields below are made with it.
    private static readonly Type ContextType =
        typeof(PSObject).Assembly.GetType("System.Management.Automation.CmdletProviderContext", throwOnError: true)!;

    private static readonly ConstructorInvoker Constructor = ConstructorInvoker.Create(ContextType.GetConstructor(Hidden, [typeof(Cmdlet)])!);
    private static readonly PropertyInfo PassThruProperty = Property("PassThru");
    private static readonly PropertyInfo ForceProperty = Property("Force");
    private static readonly PropertyInfo LiteralProperty = Property("SuppressWildcardExpansion");
    private static readonly PropertyInfo DynamicProperty = Property("DynamicParameters");
    private static readonly HiddenMethod SetFiltersMethod =
        new(ContextType, "SetFilters", typeof(Collection<string>), typeof(Collection<string>), typeof(string));

    private static readonly HiddenMethod StopMethod = new(ContextType, "StopProcessing");
    private static readonly HiddenMethod ThrowErrors = new(ContextType, "ThrowFirstErrorOrDoNothing");

    /// <summary>Makes a context that writes into a cmdlet.</summary>
    public ProviderContext(PSCmdlet command) => Value = Constructor.Invoke(command);

    /// <summary>The engine's type.</summary>
    public static Type Type => ContextType;

    /// <summary>The engine's object.</summary>
    public object Value { get; }

    public bool PassThru
    {
        init => PassThruProperty.SetValue(Value, value);
    }

    public bool Force
    {
        init => ForceProperty.SetValue(Value, new SwitchParameter(value));
    }

    public bool Literal
    {
        init => LiteralProperty.SetValue(Value, value);
    }

    public object? DynamicParameters
    {
        init => DynamicProperty.SetValue(Value, value);
    }

    /// <summary>Sets what is let through.</summary>
    public void SetFilters(string[]? include, string[]? exclude, string? filter)
        => SetFiltersMethod.Invoke(Value, new Collection<string>(include ?? []), new Collection<string>(exclude ?? []), filter);

    /// <summary>Passes a stop on to the provider.</summary>
    public void Stop() => StopMethod.Invoke(Value);

    /// <summary>Throws the first error that was collected.</summary>
    public void ThrowFirstError() => ThrowErrors.Invoke(Value);

    private static PropertyInfo Property(string name) => ContextType.GetProperty(name, Hidden)!;
}
