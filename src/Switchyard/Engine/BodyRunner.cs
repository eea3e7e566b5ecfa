using System.Linq.Expressions;
using System.Management.Automation.Internal;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>Runs one body for the items of a worker's loop, each time in a scope of its own, as the engine runs script blocks.</summary>
internal sealed class BodyRunner(Cmdlet command)
{
    private static readonly Action<ScriptBlock, Cmdlet, object?, object?[]>? _invoke = EngineMembers.TryBind(BindInvoke);

    private readonly Cmdlet _command = command;
    private readonly ReusedScope? _scope = ReusedScope.For(command);
    private ScriptBlock? _forwarding;

    public static bool IsBound => _invoke is not null;

    /// <summary>Runs the body.</summary>
    /// <param name="body">The same each time: of no session.</param>
    /// <param name="isPlain">Whether it has no parameters, nor anything else that a call would have to bind.</param>
    public void Invoke(ScriptBlock body, bool isPlain, object? item, object?[] arguments)
    {
        if (isPlain && _scope is not null && _scope.TryInvoke(body, item, arguments))
        {
            return;
        }

        if (_invoke is not null)
        {
            _invoke(body, _command, item, arguments);
        }
        else
        {
            _forwarding ??= ForwardOutputCommand.BlockFor(body, _command);
            _forwarding.InvokeWithContext(null, [new PSVariable("_", item)], arguments);
        }
    }

    // A compiled call, as the enum in the signature is not public and so no delegate type can name it.
    private static Action<ScriptBlock, Cmdlet, object?, object?[]> BindInvoke()
    {
        MethodInfo method = EngineMembers.InvokeUsingCmdlet.Required;
        ParameterExpression block = Expression.Parameter(typeof(ScriptBlock));
        ParameterExpression command = Expression.Parameter(typeof(Cmdlet));
        ParameterExpression item = Expression.Parameter(typeof(object));
        ParameterExpression arguments = Expression.Parameter(typeof(object[]));
        ConstantExpression none = Expression.Constant(AutomationNull.Value, typeof(object));
        ConstantExpression errorPipe = Expression.Constant(Enum.Parse(method.GetParameters()[2].ParameterType, "WriteToCurrentErrorPipe"));
        return Expression.Lambda<Action<ScriptBlock, Cmdlet, object?, object?[]>>(
            Expression.Call(block, method, command, Expression.Constant(true), errorPipe, item, none, none, arguments),
            block,
            command,
            item,
            arguments).Compile();
    }
}
