using System.Collections;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>
/// The engine's members by which <see cref="ReusedScope"/> runs a body, bound once. They do, step by step, what the engine's
/// <c>ScriptBlock.InvokeWithPipeImpl</c> does for a block without parameters.
/// </summary>
internal sealed class ScopeMembers
{
    private readonly PropertyInfo _contextOfCommand;
    private readonly PropertyInfo _outputPipe;
    private readonly Func<object, object?> _invocation;

    private ScopeMembers()
    {
        Type context = Find("ExecutionContext");
        Type state = Find("SessionStateInternal");
        Type scope = Find("SessionStateScope");
        _contextOfCommand = Property(typeof(Cmdlet), "Context");
        _outputPipe = Property(Find("MshCommandRuntime"), "OutputPipe");
        _invocation = BindInvocation(context, state, scope);
        NewScope = BindNewScope(context, state);
        RemoveScope = BindRemoveScope(context, state, scope);
        IsEmpty = BindIsEmpty(scope);
        TryRun = BindRun(context, state, scope);
    }

    /// <summary>Runs a block in a scope; false, and nothing was run, where only the engine's own call can.</summary>
    /// <param name="block">The block.</param>
    /// <param name="context">The session's execution context.</param>
    /// <param name="pipe">Takes the output.</param>
    /// <param name="invocation">Becomes <c>$MyInvocation</c>.</param>
    /// <param name="scope">The scope.</param>
    /// <param name="item">Becomes <c>$_</c>.</param>
    /// <param name="arguments">Become <c>$args</c>.</param>
    public delegate bool Runner(ScriptBlock block, object context, object pipe, object? invocation, object scope, object? item, object?[] arguments);

    /// <summary>Makes a scope below the current one of a context.</summary>
    public Func<object, object> NewScope { get; }

    /// <summary>Removes a scope from a context, with all that is in it.</summary>
    public Action<object, object> RemoveScope { get; }

    /// <summary>Whether nothing was left in a scope.</summary>
    public Func<object, bool> IsEmpty { get; }

    /// <summary>Runs a block.</summary>
    public Runner TryRun { get; }

    /// <summary>Binds all of them.</summary>
    /// <returns>They, or null where the engine lacks one or is another than the one that they were written for.</returns>
    public static ScopeMembers? Find()
    {
        try
        {
            return new ScopeMembers();
        }
        catch (Exception exception) when (exception is MissingMemberException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The execution context of a running command.</summary>
    /// <param name="command">The command.</param>
    /// <returns>The context.</returns>
    public object? ContextOf(Cmdlet command) => _contextOfCommand.GetValue(command);

    /// <summary>Where a running command's output goes.</summary>
    /// <param name="command">The command.</param>
    /// <returns>The pipe.</returns>
    public object? PipeOf(Cmdlet command) => _outputPipe.GetValue(command.CommandRuntime);

    /// <summary>What <c>$MyInvocation</c> is where a context's code runs now.</summary>
    /// <param name="context">The context.</param>
    /// <returns>The value.</returns>
    public object? InvocationOf(object context) => _invocation(context);

    private static Type Find(string name) => EngineReflection.Engine.GetType("System.Management.Automation." + name) ?? throw new MissingMemberException(name);

    private static PropertyInfo Property(Type type, string name) => type.GetProperty(name, Instance) ?? throw new MissingMemberException(type.Name, name);

    private static FieldInfo Field(Type type, string name) => type.GetField(name, Instance) ?? throw new MissingMemberException(type.Name, name);

    private static MethodInfo Method(Type type, string name, int parameters, BindingFlags flags = Instance) =>
        type.GetMethods(flags).Single(method => method.Name == name && method.GetParameters().Length == parameters);

    private static Func<object, object?> BindInvocation(Type context, Type state, Type scope)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        MethodInfo get = Method(scope, "GetAutomaticVariableValue", 1);
        Expression value = Expression.Call(CurrentScope(given, context, state), get, Enumeration(get, 0, "MyInvocation"));
        return Expression.Lambda<Func<object, object?>>(Expression.TypeAs(value, typeof(InvocationInfo)), given).Compile();
    }

    private static Func<object, object> BindNewScope(Type context, Type state)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        Expression session = Expression.Property(Expression.Convert(given, context), Property(context, "EngineSessionState"));
        Expression made = Expression.Call(session, Method(state, "NewScope", 1), Expression.Constant(false));
        return Expression.Lambda<Func<object, object>>(made, given).Compile();
    }

    private static Action<object, object> BindRemoveScope(Type context, Type state, Type scope)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        ParameterExpression unwanted = Expression.Parameter(typeof(object));
        ParameterExpression session = Expression.Variable(state);
        ParameterExpression before = Expression.Variable(scope);
        PropertyInfo current = Property(state, "CurrentScope");
        Expression body = Expression.Block(
            [session, before],
            Expression.Assign(session, Expression.Property(Expression.Convert(given, context), Property(context, "EngineSessionState"))),
            Expression.Assign(before, Expression.Property(session, current)),
            Expression.Assign(Expression.Property(session, current), Expression.Convert(unwanted, scope)),
            Expression.TryFinally(
                Expression.Call(session, Method(state, "RemoveScope", 1), Expression.Convert(unwanted, scope)),
                Expression.Assign(Expression.Property(session, current), before)));
        return Expression.Lambda<Action<object, object>>(body, given, unwanted).Compile();
    }

    // By what the type has and not by names, so that a field that another version adds makes a scope that holds something no empty one.
    private static Func<object, bool> BindIsEmpty(Type scope)
    {
        string[] ofEveryScope = ["<Parent>k__BackingField", "<ScopeOrigin>k__BackingField", "<LocalsTuple>k__BackingField", "_scriptScope"];
        ParameterExpression given = Expression.Parameter(typeof(object));
        ParameterExpression looked = Expression.Variable(scope);
        List<Expression> conditions = [];
        foreach (FieldInfo field in scope.GetFields(Instance).Where(field => !ofEveryScope.Contains(field.Name)))
        {
            Expression value = Expression.Field(looked, field);
            Expression isDefault = Expression.Equal(value, Expression.Default(field.FieldType));
            conditions.Add(typeof(ICollection).IsAssignableFrom(field.FieldType)
                ? Expression.OrElse(isDefault, Expression.Equal(Expression.Property(value, "Count"), Expression.Constant(0)))
                : isDefault);
        }

        return Expression.Lambda<Func<object, bool>>(
            Expression.Block([looked], Expression.Assign(looked, Expression.Convert(given, scope)), conditions.Aggregate(Expression.AndAlso)), given).Compile();
    }

    private static Runner BindRun(Type contextType, Type stateType, Type scopeType)
    {
        Type tupleType = Find("MutableTuple");
        Type frameType = Find("Language.FunctionContext");
        MethodInfo getCode = Method(typeof(ScriptBlock), "GetCodeToInvoke", 2);
        MethodInfo setVariable = Method(tupleType, "SetAutomaticVariable", 3);
        MethodInfo logStart = Method(typeof(ScriptBlock), "LogScriptBlockStart", 2, Static);
        MethodInfo logEnd = Method(typeof(ScriptBlock), "LogScriptBlockEnd", 2, Static);

        ParameterExpression block = Expression.Parameter(typeof(ScriptBlock));
        ParameterExpression givenContext = Expression.Parameter(typeof(object));
        ParameterExpression pipe = Expression.Parameter(typeof(object));
        ParameterExpression invocation = Expression.Parameter(typeof(object));
        ParameterExpression givenScope = Expression.Parameter(typeof(object));
        ParameterExpression item = Expression.Parameter(typeof(object));
        ParameterExpression arguments = Expression.Parameter(typeof(object[]));

        ParameterExpression context = Expression.Variable(contextType);
        ParameterExpression state = Expression.Variable(stateType);
        ParameterExpression scope = Expression.Variable(scopeType);
        ParameterExpression outer = Expression.Variable(scopeType);
        ParameterExpression locals = Expression.Variable(tupleType);
        ParameterExpression isOptimized = Expression.Variable(typeof(bool));
        ParameterExpression code = Expression.Variable(getCode.ReturnType);
        ParameterExpression errorPipe = Expression.Variable(Property(contextType, "ShellFunctionErrorOutputPipe").PropertyType);
        ParameterExpression errorOutput = Expression.Variable(Property(contextType, "ExternalErrorOutput").PropertyType);
        LabelTarget end = Expression.Label(typeof(bool));

        Expression languageMode = Expression.Property(block, Property(typeof(ScriptBlock), "LanguageMode"));
        Expression isUnusual = Expression.OrElse(
            Expression.GreaterThan(Expression.Field(context, Field(contextType, "_debuggingMode")), Expression.Constant(0)),
            Expression.AndAlso(
                Expression.Property(languageMode, "HasValue"),
                Expression.NotEqual(Expression.Property(languageMode, "Value"), Expression.Property(context, Property(contextType, "LanguageMode")))));
        Expression runspaceId = Expression.Property(Expression.Property(context, Property(contextType, "CurrentRunspace")), "InstanceId");
        Expression sessionState = Expression.Property(context, Property(contextType, "EngineSessionState"));
        Expression currentScope = Expression.Property(state, Property(stateType, "CurrentScope"));
        Expression frame = Expression.MemberInit(
            Expression.New(frameType),
            Bind("_executionContext", context),
            Bind("_outputPipe", Expression.Convert(pipe, Field(frameType, "_outputPipe").FieldType)),
            Bind("_localsTuple", locals),
            Bind("_scriptBlock", block),
            Bind("_file", Expression.Property(block, Property(typeof(ScriptBlock), "File"))),
            Bind("_debuggerHidden", Expression.Property(block, Property(typeof(ScriptBlock), "DebuggerHidden"))),
            Bind("_debuggerStepThrough", Expression.Property(block, Property(typeof(ScriptBlock), "DebuggerStepThrough"))),
            Bind("_sequencePoints", Expression.Property(block, Property(typeof(ScriptBlock), "SequencePoints"))));

        Expression body = Expression.Block(
            [context, state, scope, outer, locals, isOptimized, code, errorPipe, errorOutput],
            Expression.Assign(context, Expression.Convert(givenContext, contextType)),
            Expression.IfThen(isUnusual, Expression.Return(end, Expression.Constant(false))),
            Expression.IfThen(
                Expression.Property(context, Property(contextType, "CurrentPipelineStopping")), Expression.Throw(Expression.New(typeof(PipelineStoppedException)))),
            Expression.Assign(isOptimized, Expression.Constant(true)),
            Expression.Assign(code, Expression.Call(block, getCode, isOptimized, Enumeration(getCode, 1, "ProcessBlockOnly"))),
            Expression.IfThen(
                Expression.OrElse(Expression.Not(isOptimized), Expression.Equal(code, Expression.Default(code.Type))),
                Expression.Return(end, Expression.Constant(false))),
            Expression.Assign(scope, Expression.Convert(givenScope, scopeType)),
            Expression.Assign(state, sessionState),
            Expression.Assign(outer, currentScope),
            Expression.Assign(locals, Expression.Call(block, Method(typeof(ScriptBlock), "MakeLocalsTuple", 1), Expression.Constant(true))),
            Set("Underbar", item),
            Expression.Call(block, Method(typeof(ScriptBlock), "SetPSScriptRootAndPSCommandPath", 2), locals, context),
            Set("MyInvocation", invocation),
            Set("Args", arguments),
            Expression.Assign(errorPipe, Expression.Property(context, "ShellFunctionErrorOutputPipe")),
            Expression.Assign(errorOutput, Expression.Property(context, "ExternalErrorOutput")),
            Expression.TryFinally(
                Expression.Block(
                    Expression.Assign(currentScope, scope),
                    Expression.Assign(Expression.Property(scope, Property(scopeType, "LocalsTuple")), locals),
                    Expression.Call(logStart, block, runspaceId),
                    Expression.TryFinally(Expression.Invoke(code, frame), Expression.Call(logEnd, block, runspaceId))),
                Expression.Block(
                    Expression.Assign(Expression.Property(context, "ShellFunctionErrorOutputPipe"), errorPipe),
                    Expression.Assign(Expression.Property(context, "ExternalErrorOutput"), errorOutput),
                    Expression.Assign(Expression.Property(scope, "LocalsTuple"), Expression.Default(tupleType)),
                    Expression.Assign(currentScope, outer),
                    Expression.Assign(sessionState, state))),
            Expression.Label(end, Expression.Constant(true)));
        return Expression.Lambda<Runner>(body, block, givenContext, pipe, invocation, givenScope, item, arguments).Compile();

        MemberBinding Bind(string field, Expression value) => Expression.Bind(Field(frameType, field), value);

        Expression Set(string variable, Expression value) => Expression.Call(locals, setVariable, Enumeration(setVariable, 0, variable), value, context);
    }

    private static MemberExpression CurrentScope(Expression given, Type context, Type state) => Expression.Property(
        Expression.Property(Expression.Convert(given, context), Property(context, "EngineSessionState")), Property(state, "CurrentScope"));

    // A value of an enumeration that is not public, by the parameter that takes it.
    private static ConstantExpression Enumeration(MethodInfo method, int parameter, string name)
    {
        Type type = method.GetParameters()[parameter].ParameterType;
        return Expression.Constant(Enum.Parse(type, name), type);
    }
}
