using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>A method of the engine that the real commands may call and the stand-ins reach by reflection, looked up once.</summary>
internal sealed class HiddenMethod
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly MethodInvoker _invoker;

    public HiddenMethod(Type owner, string name, params Type[] parameters)
    {
        MethodInfo method = owner.GetMethod(name, Any, parameters)
            ?? throw new MissingMethodException($"This version of the PowerShell engine has no {owner.FullName}.{name}: a stand-in of Switchyard.Host needs it.");
        _invoker = MethodInvoker.Create(method);
    }

    /// <summary>Calls it; what it throws comes as it is.</summary>
    public object? Invoke(object? target, params Span<object?> arguments) => _invoker.Invoke(target, arguments);
}
