using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>Runs a script block in the caller's own scope, as some of the engine's commands do.</summary>
internal static class ScriptBlockCalls
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly MethodInfo UsingCmdlet = typeof(ScriptBlock).GetMethod("InvokeUsingCmdlet", Hidden)
        ?? throw new MissingMethodException("This version of the PowerShell engine has no ScriptBlock.InvokeUsingCmdlet.");

    // Its parameter is an enumeration inside the class: 1 is "errors go to the current error pipe".
    private static readonly object ErrorsToPipe = Enum.ToObject(UsingCmdlet.GetParameters()[2].ParameterType, 1);

    private static readonly Type PipeType = typeof(PSObject).Assembly.GetType("System.Management.Automation.Internal.Pipe", throwOnError: true)!;

    private static readonly MethodInfo WithPipe = typeof(ScriptBlock)
        .GetMethods(Hidden)
        .First(static method => method.Name == "InvokeWithPipe" && method.GetParameters().Any(static parameter => parameter.Name == "invocationInfo"));

    /// <summary>Runs it; what it writes is the command's output.</summary>
    public static void Run(ScriptBlock body, Cmdlet command)
    {
        var nothing = Array.Empty<object>();
        object?[] arguments = [command, false, ErrorsToPipe, AutomationNull.Value, nothing, AutomationNull.Value, nothing];
        UsingCmdlet.Invoke(body, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>Runs it for an object; what it writes is thrown away.</summary>
    public static void RunForNothing(ScriptBlock body, object? item)
    {
        object pipe = Activator.CreateInstance(PipeType, nonPublic: true)!;
        PipeType.GetProperty("NullPipe", Hidden)!.SetValue(pipe, true);
        object?[] arguments = [.. WithPipe.GetParameters().Select(parameter => parameter.Name switch
        {
            "useLocalScope" => false,
            "errorHandlingBehavior" => ErrorsToPipe,
            "dollarUnder" => item,
            "input" => Array.Empty<object>(),
            "scriptThis" => AutomationNull.Value,
            "outputPipe" => pipe,
            _ => parameter.HasDefaultValue ? parameter.DefaultValue : null,
        })];
        WithPipe.Invoke(body, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
