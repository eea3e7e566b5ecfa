using System.Linq.Expressions;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>Runs bodies as the engine runs script blocks, and makes blocks for it.</summary>
internal static class EngineBodies
{
    private static readonly Action<ScriptBlock, Cmdlet, object?, object?[]>? _invoke = BindInvoke();
    private static readonly ConstructorInfo? _fromFunction = BindFunctionConstructor();
    private static readonly PropertyInfo? _cleanBlock = typeof(ScriptBlockAst).GetProperty("CleanBlock", Instance);
    private static readonly Func<object, bool>? _isStopping = BindIsStopping();

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>Whether output can leave a body while it still runs. Without it, it comes at the end of each item.</summary>
    public static bool CanStream => _invoke is not null;

    /// <summary>Runs a block in a scope of its own; what it writes goes to the streams of the command that runs it.</summary>
    /// <param name="block">The block, of no session or of the current one.</param>
    /// <param name="command">The running command.</param>
    /// <param name="item">Becomes <c>$_</c>.</param>
    /// <param name="arguments">Bound to its parameters by position.</param>
    public static void Invoke(ScriptBlock block, Cmdlet command, object? item, object?[] arguments)
    {
        if (_invoke is not null)
        {
            _invoke(block, command, item, arguments);
            return;
        }

        foreach (PSObject output in block.InvokeWithContext(null, [new PSVariable("_", item)], arguments))
        {
            command.WriteObject(output);
        }
    }

    /// <summary>Whether what runs on this thread is to stop. Without it, nothing is known to be, and a wait ends with its thread.</summary>
    /// <returns>True if so.</returns>
    public static bool IsStopping() =>
        Runspace.DefaultRunspace is { } runspace && EngineReflection.Context?.GetValue(runspace) is { } context && _isStopping?.Invoke(context) == true;

    /// <summary>Makes an unbound block of a function's definition that keeps its file and lines.</summary>
    /// <param name="function">The definition.</param>
    /// <returns>The block, or null where only the text can serve.</returns>
    public static ScriptBlock? FromFunction(FunctionDefinitionAst function) =>
        (ScriptBlock?)_fromFunction?.Invoke([function, function.IsFilter]);

    /// <summary>Whether a body has a clean block.</summary>
    /// <param name="ast">The body.</param>
    /// <returns>True if so.</returns>
    public static bool HasCleanBlock(ScriptBlockAst ast) => _cleanBlock?.GetValue(ast) is not null;

    private static Func<object, bool>? BindIsStopping()
    {
        if (EngineReflection.Context?.PropertyType.GetProperty("CurrentPipelineStopping", Instance) is not { } property)
        {
            return null;
        }

        ParameterExpression context = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, bool>>(Expression.Property(Expression.Convert(context, EngineReflection.Context.PropertyType), property), context).Compile();
    }

    private static Action<ScriptBlock, Cmdlet, object?, object?[]>? BindInvoke()
    {
        MethodInfo? method = typeof(ScriptBlock).GetMethod("InvokeUsingCmdlet", Instance);
        Type? nothing = EngineReflection.Engine.GetType("System.Management.Automation.Internal.AutomationNull");
        object? noValue = nothing?.GetProperty("Value", Static)?.GetValue(null);
        ParameterInfo[]? parameters = method?.GetParameters();
        if (noValue is null || parameters is not { Length: 7 } || !parameters[2].ParameterType.IsEnum)
        {
            return null;
        }

        // A compiled call, as the enum in the signature is not public and so no delegate type can name it.
        ParameterExpression block = Expression.Parameter(typeof(ScriptBlock));
        ParameterExpression command = Expression.Parameter(typeof(Cmdlet));
        ParameterExpression item = Expression.Parameter(typeof(object));
        ParameterExpression arguments = Expression.Parameter(typeof(object[]));
        ConstantExpression none = Expression.Constant(noValue, typeof(object));
        object errorPipe = Enum.Parse(parameters[2].ParameterType, "WriteToCurrentErrorPipe");
        return Expression.Lambda<Action<ScriptBlock, Cmdlet, object?, object?[]>>(
            Expression.Call(
                block, method!, command, Expression.Constant(true), Expression.Constant(errorPipe), item, none, none, arguments),
            block,
            command,
            item,
            arguments).Compile();
    }

    private static ConstructorInfo? BindFunctionConstructor()
    {
        Type? provider = EngineReflection.Engine.GetType("System.Management.Automation.Language.IParameterMetadataProvider");
        return provider is null ? null : typeof(ScriptBlock).GetConstructor(Instance, [provider, typeof(bool)]);
    }

    private static List<string> FindMissing()
    {
        MissingMembers missing = new();
        missing.AddIf(_invoke is null, "ScriptBlock.InvokeUsingCmdlet");
        missing.AddIf(_fromFunction is null, "ScriptBlock(IParameterMetadataProvider, bool)");
        missing.AddIf(_isStopping is null, "ExecutionContext.CurrentPipelineStopping");
        missing.AddIf(_cleanBlock is null, "ScriptBlockAst.CleanBlock");
        missing.AddIf(!ReusedScope.IsAvailable, "SessionStateScope");
        return missing.Names;
    }
}
