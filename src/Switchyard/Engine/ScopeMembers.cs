using System.Linq.Expressions;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>
/// The engine's members by which <see cref="ReusedScope"/> runs a body, bound once. They do, step by step, what the engine's
/// <c>ScriptBlock.InvokeWithPipeImpl</c> does for a block without parameters.
/// </summary>
internal sealed class ScopeMembers
{
    /// <summary>Binds all of them.</summary>
    /// <exception cref="MissingMemberException">The engine lacks one.</exception>
    /// <exception cref="ArgumentException">One is other than it was when this was written.</exception>
    public ScopeMembers()
    {
        Type context = EngineMembers.Context.Required;
        Type state = EngineMembers.SessionState.Required;
        Type scope = EngineMembers.Scope.Required;
        InvocationOf = BindInvocation(context);
        NewScope = BindNewScope(context);
        RemoveScope = BindRemoveScope(context, state, scope);
        IsEmpty = BindIsEmpty(scope);
        TryRun = BindRun(context, state, scope);
    }

    /// <summary>Runs a block in a scope; false, and nothing was run, where only the engine's own call can.</summary>
    public delegate bool Runner(ScriptBlock block, object context, object pipe, object? invocation, object scope, object? item, object?[] arguments);

    /// <summary>What <c>$MyInvocation</c> is where a context's code runs now.</summary>
    public Func<object, object?> InvocationOf { get; }

    /// <summary>Makes a scope below the current one of a context.</summary>
    public Func<object, object> NewScope { get; }

    /// <summary>Removes a scope from a context, with all that is in it.</summary>
    public Action<object, object> RemoveScope { get; }

    /// <summary>Whether nothing was left in a scope.</summary>
    public Func<object, bool> IsEmpty { get; }

    public Runner TryRun { get; }

    private static Func<object, object?> BindInvocation(Type context)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        MethodInfo get = EngineMembers.ScopeAutomaticVariable.Required;
        Expression value = Expression.Call(CurrentScope(given, context), get, Enumeration(get, 0, "MyInvocation"));
        return Expression.Lambda<Func<object, object?>>(Expression.TypeAs(value, typeof(InvocationInfo)), given).Compile();
    }

    private static Func<object, object> BindNewScope(Type context)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        Expression session = Expression.Property(Expression.Convert(given, context), EngineMembers.ContextSessionState.Required);
        Expression made = Expression.Call(session, EngineMembers.NewScope.Required, Expression.Constant(false));
        return Expression.Lambda<Func<object, object>>(made, given).Compile();
    }

    private static Action<object, object> BindRemoveScope(Type context, Type state, Type scope)
    {
        ParameterExpression given = Expression.Parameter(typeof(object));
        ParameterExpression unwanted = Expression.Parameter(typeof(object));
        ParameterExpression session = Expression.Variable(state);
        ParameterExpression before = Expression.Variable(scope);
        PropertyInfo current = EngineMembers.CurrentScope.Required;
        Expression body = Expression.Block(
            [session, before],
            Expression.Assign(session, Expression.Property(Expression.Convert(given, context), EngineMembers.ContextSessionState.Required)),
            Expression.Assign(before, Expression.Property(session, current)),
            Expression.Assign(Expression.Property(session, current), Expression.Convert(unwanted, scope)),
            Expression.TryFinally(
                Expression.Call(session, EngineMembers.RemoveScope.Required, Expression.Convert(unwanted, scope)),
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
        foreach (FieldInfo field in EngineMembers.FieldsOf(EngineMembers.Scope).Where(field => !ofEveryScope.Contains(field.Name)))
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
        Type tupleType = EngineMembers.Locals.Required;
        Type frameType = EngineMembers.FunctionFrame.Required;
        MethodInfo getCode = EngineMembers.BlockCode.Required;
        MethodInfo setVariable = EngineMembers.LocalsSetVariable.Required;
        MethodInfo logStart = EngineMembers.BlockLogStart.Required;
        MethodInfo logEnd = EngineMembers.BlockLogEnd.Required;

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
        ParameterExpression errorPipe = Expression.Variable(EngineMembers.ContextErrorPipe.Required.PropertyType);
        ParameterExpression errorOutput = Expression.Variable(EngineMembers.ContextErrorOutput.Required.PropertyType);
        LabelTarget end = Expression.Label(typeof(bool));

        Expression languageMode = Expression.Property(block, EngineMembers.BlockLanguageMode.Required);
        Expression isUnusual = Expression.OrElse(
            Expression.GreaterThan(Expression.Field(context, EngineMembers.ContextDebugging.Required), Expression.Constant(0)),
            Expression.AndAlso(
                Expression.Property(languageMode, "HasValue"),
                Expression.NotEqual(Expression.Property(languageMode, "Value"), Expression.Property(context, EngineMembers.ContextLanguageMode.Required))));
        Expression runspaceId = Expression.Property(Expression.Property(context, EngineMembers.ContextRunspace.Required), "InstanceId");
        Expression sessionState = Expression.Property(context, EngineMembers.ContextSessionState.Required);
        Expression currentScope = Expression.Property(state, EngineMembers.CurrentScope.Required);
        Expression frame = Expression.MemberInit(
            Expression.New(frameType),
            Expression.Bind(EngineMembers.FrameContext.Required, context),
            Expression.Bind(EngineMembers.FramePipe.Required, Expression.Convert(pipe, EngineMembers.FramePipe.Required.FieldType)),
            Expression.Bind(EngineMembers.FrameLocals.Required, locals),
            Expression.Bind(EngineMembers.FrameBlock.Required, block),
            Expression.Bind(EngineMembers.FrameFile.Required, Expression.Property(block, EngineMembers.BlockFile.Required)),
            Expression.Bind(EngineMembers.FrameDebuggerHidden.Required, Expression.Property(block, EngineMembers.BlockDebuggerHidden.Required)),
            Expression.Bind(EngineMembers.FrameDebuggerStepThrough.Required, Expression.Property(block, EngineMembers.BlockDebuggerStepThrough.Required)),
            Expression.Bind(EngineMembers.FrameSequencePoints.Required, Expression.Property(block, EngineMembers.BlockSequencePoints.Required)));

        Expression body = Expression.Block(
            [context, state, scope, outer, locals, isOptimized, code, errorPipe, errorOutput],
            Expression.Assign(context, Expression.Convert(givenContext, contextType)),
            Expression.IfThen(isUnusual, Expression.Return(end, Expression.Constant(false))),
            Expression.IfThen(
                Expression.Property(context, EngineMembers.ContextStopping.Required), Expression.Throw(Expression.New(typeof(PipelineStoppedException)))),
            Expression.Assign(isOptimized, Expression.Constant(true)),
            Expression.Assign(code, Expression.Call(block, getCode, isOptimized, Enumeration(getCode, 1, "ProcessBlockOnly"))),
            Expression.IfThen(
                Expression.OrElse(Expression.Not(isOptimized), Expression.Equal(code, Expression.Default(code.Type))),
                Expression.Return(end, Expression.Constant(false))),
            Expression.Assign(scope, Expression.Convert(givenScope, scopeType)),
            Expression.Assign(state, sessionState),
            Expression.Assign(outer, currentScope),
            Expression.Assign(locals, Expression.Call(block, EngineMembers.BlockMakeLocals.Required, Expression.Constant(true))),
            Set("Underbar", item),
            Expression.Call(block, EngineMembers.BlockSetPaths.Required, locals, context),
            Set("MyInvocation", invocation),
            Set("Args", arguments),
            Expression.Assign(errorPipe, Expression.Property(context, EngineMembers.ContextErrorPipe.Required)),
            Expression.Assign(errorOutput, Expression.Property(context, EngineMembers.ContextErrorOutput.Required)),
            Expression.TryFinally(
                Expression.Block(
                    Expression.Assign(currentScope, scope),
                    Expression.Assign(Expression.Property(scope, EngineMembers.ScopeLocals.Required), locals),
                    Expression.Call(logStart, block, runspaceId),
                    Expression.TryFinally(Expression.Invoke(code, frame), Expression.Call(logEnd, block, runspaceId))),
                Expression.Block(
                    Expression.Assign(Expression.Property(context, EngineMembers.ContextErrorPipe.Required), errorPipe),
                    Expression.Assign(Expression.Property(context, EngineMembers.ContextErrorOutput.Required), errorOutput),
                    Expression.Assign(Expression.Property(scope, EngineMembers.ScopeLocals.Required), Expression.Default(tupleType)),
                    Expression.Assign(currentScope, outer),
                    Expression.Assign(sessionState, state))),
            Expression.Label(end, Expression.Constant(true)));
        return Expression.Lambda<Runner>(body, block, givenContext, pipe, invocation, givenScope, item, arguments).Compile();

        Expression Set(string variable, Expression value) => Expression.Call(locals, setVariable, Enumeration(setVariable, 0, variable), value, context);
    }

    private static MemberExpression CurrentScope(Expression given, Type context) => Expression.Property(
        Expression.Property(Expression.Convert(given, context), EngineMembers.ContextSessionState.Required), EngineMembers.CurrentScope.Required);

    // A value of an enumeration that is not public, by the parameter that takes it.
    private static ConstantExpression Enumeration(MethodInfo method, int parameter, string name)
    {
        Type type = method.GetParameters()[parameter].ParameterType;
        return Expression.Constant(Enum.Parse(type, name), type);
    }
}
