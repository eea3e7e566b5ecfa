using System.Collections;
using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;
using Switchyard.Bodies;
using Switchyard.Engine;

namespace Switchyard;

/// <summary>
/// All reflection into the engine. Each member is bound once and, where a version of PowerShell lacks it, replaced by the
/// nearest public way; what then differs is said beside it.
/// </summary>
internal static class EngineInternals
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Assembly _engine = typeof(PSObject).Assembly;
    private static readonly Action<ScriptBlock, Cmdlet, object?, object?[]>? _invoke = BindInvoke();
    private static readonly Action<ErrorRecord, bool>? _preserve =
        BindSetter<bool>(typeof(ErrorRecord), "PreserveInvocationInfoOnce");

    private static readonly MethodInfo? _writeError = _engine
        .GetType("System.Management.Automation.MshCommandRuntime")
        ?.GetMethod("_WriteErrorSkipAllowCheck", Instance, [typeof(ErrorRecord), typeof(ActionPreference?), typeof(bool)]);

    private static readonly Action<ErrorRecord, object?>? _setTarget =
        (Action<ErrorRecord, object?>?)typeof(ErrorRecord)
            .GetMethod("SetTargetObject", Instance, [typeof(object)])
            ?.CreateDelegate(typeof(Action<ErrorRecord, object?>));

    private static readonly ConstructorInfo? _fromFunction = BindFunctionConstructor();
    private static readonly ConstructorInfo? _stopUpstream = BindStopUpstream();
    private static readonly PropertyInfo? _context = typeof(Runspace).GetProperty("ExecutionContext", Instance);
    private static readonly Func<object, bool>? _isStopping = BindIsStopping();
    private static readonly PropertyInfo? _cleanBlock = typeof(ScriptBlockAst).GetProperty("CleanBlock", Instance);
    private static readonly IDictionary? _runspaces =
        typeof(Runspace).GetField("s_runspaceDictionary", Static)?.GetValue(null) as IDictionary;

    private static readonly FieldInfo? _defaultSession = _engine
        .GetType("System.Management.Automation.Internal.ScriptBlockMemberMethodWrapper")?.GetField("_defaultSessionStateToUse", Instance);

    private static readonly object? _runspacesLock = typeof(Runspace).GetField("s_syncObject", Static)?.GetValue(null);

    private static readonly FieldInfo? _errorInvocation = typeof(ErrorRecord).GetField("_invocationInfo", Instance);
    private static readonly FieldInfo? _errorFullId = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", Instance);
    private static readonly FieldInfo? _errorTrace = typeof(ErrorRecord).GetField("_scriptStackTrace", Instance);
    private static readonly PropertyInfo? _scriptPosition = typeof(InvocationInfo).GetProperty("ScriptPosition", Instance);
    private static readonly Func<CommandInfo?, IScriptExtent, InvocationInfo>? _createInvocation = typeof(InvocationInfo)
        .GetMethod("Create", Static, [typeof(CommandInfo), typeof(IScriptExtent)])
        ?.CreateDelegate<Func<CommandInfo?, IScriptExtent, InvocationInfo>>();

    private static readonly MethodInfo? _unixStat = _engine
        .GetType("System.Management.Automation.Platform+Unix")?.GetMethod("GetLStat", Static, [typeof(string)]);

    private static readonly Func<PSObject, bool>? _isBare = BindIsBare();

    private static readonly FieldInfo? _exceptionMessage = typeof(Exception).GetField("_message", Instance);
    private static readonly FieldInfo? _exceptionInner = typeof(Exception).GetField("_innerException", Instance);

    /// <summary>Names of the members that this engine lacks; empty where everything is as expected.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>Whether output can leave a body while it still runs. Without it, it comes at the end of each item.</summary>
    public static bool CanStream => _invoke is not null;

    /// <summary>Whether <see cref="TryHide"/> works.</summary>
    public static bool CanHide => _runspaces is not null && _runspacesLock is not null;

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
        Runspace.DefaultRunspace is { } runspace && _context?.GetValue(runspace) is { } context && _isStopping?.Invoke(context) == true;

    /// <summary>Lets the next command that writes this record leave its position and id as they are.</summary>
    /// <param name="record">The record.</param>
    public static void PreserveInvocationInfo(ErrorRecord record) => _preserve?.Invoke(record, true);

    /// <summary>
    /// Writes an error that is no failure: whatever the command's error action, it neither stops it nor makes <c>$?</c> false.
    /// </summary>
    /// <param name="command">The running command.</param>
    /// <param name="record">The error.</param>
    /// <returns>False where that cannot be done.</returns>
    public static bool TryWriteTalk(Cmdlet command, ErrorRecord record)
    {
        object runtime = command.CommandRuntime;
        if (_writeError is null || !_writeError.DeclaringType!.IsInstanceOfType(runtime))
        {
            return false;
        }

        object? pipeline = Member(runtime, "PipelineProcessor");
        PropertyInfo? failed = pipeline?.GetType().GetProperty("ExecutionFailed", Instance);
        object? before = failed?.GetValue(pipeline);
        ActionPreference? action = Member(runtime, "ErrorAction") as ActionPreference?;
        _writeError.Invoke(
            runtime,
            BindingFlags.DoNotWrapExceptions,
            null,
            [record, action is ActionPreference.SilentlyContinue or ActionPreference.Ignore ? action : ActionPreference.Continue, false],
            null);
        failed?.SetValue(pipeline, before);
        return true;
    }

    /// <summary>Sets what an error is about.</summary>
    /// <param name="record">The record.</param>
    /// <param name="target">The item.</param>
    /// <returns>The record, or a copy with the target where it cannot be set.</returns>
    public static ErrorRecord WithTarget(ErrorRecord record, object? target)
    {
        if (_setTarget is not null)
        {
            _setTarget(record, target);
            return record;
        }

        return new ErrorRecord(record.Exception, record.FullyQualifiedErrorId, record.CategoryInfo.Category, target);
    }

    /// <summary>Makes an unbound block of a function's definition that keeps its file and lines.</summary>
    /// <param name="function">The definition.</param>
    /// <returns>The block, or null where only the text can serve.</returns>
    public static ScriptBlock? FromFunction(FunctionDefinitionAst function) =>
        (ScriptBlock?)_fromFunction?.Invoke([function, function.IsFilter]);

    /// <summary>
    /// The exception by which a command ends what feeds it, and lets what it feeds go on, as <c>Select-Object -First</c> does.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <returns>The exception to throw, or null where there is none.</returns>
    public static Exception? StopUpstream(Cmdlet command) => (Exception?)_stopUpstream?.Invoke([command]);

    /// <summary>The modules of a session, without running a command for it.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>The modules, or null where only <c>Get-Module</c> tells.</returns>
    public static IEnumerable<PSModuleInfo>? Modules(Runspace runspace)
    {
        object? context = _context?.GetValue(runspace);
        object? modules = context?.GetType().GetProperty("Modules", Instance)?.GetValue(context);
        return modules?.GetType().GetProperty("ModuleTable", Instance)?.GetValue(modules) is IDictionary<string, PSModuleInfo> table
            ? table.Values
            : null;
    }

    /// <summary>What a session sees of a kind, without listing it through its provider, which takes half a millisecond.</summary>
    /// <typeparam name="T">What the table holds.</typeparam>
    /// <param name="runspace">An open runspace.</param>
    /// <param name="table">The engine's name for the table: <c>GetFunctionTable</c>, <c>GetAliasTable</c> or <c>GetVariableTable</c>.</param>
    /// <returns>The entries, or null where only the provider tells.</returns>
    public static IEnumerable<T>? Table<T>(Runspace runspace, string table)
    {
        object? session = SessionState(runspace);
        return (session?.GetType().GetMethod(table, Instance, [])?.Invoke(session, null) as IDictionary)?.Values.OfType<T>();
    }

    /// <summary>Binds what defines a function in a session, without going through the provider, which takes ten times as long.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>Takes name, block and whether to replace a read-only one; null where only the provider defines functions.</returns>
    public static Action<string, ScriptBlock, bool>? BindSetFunction(Runspace runspace) =>
        BindSessionMethod<ScriptBlock>(runspace, "SetFunction");

    /// <summary>Binds what defines an alias in a session.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>Takes name, definition and whether to replace a read-only one; null where only the provider defines aliases.</returns>
    public static Action<string, string, bool>? BindSetAlias(Runspace runspace) =>
        BindSessionMethod<string>(runspace, "SetAliasValue");

    /// <summary>The classes and enums that code in a session sees, and the namespaces that it uses.</summary>
    /// <param name="runspace">The session's runspace, while its code runs.</param>
    /// <returns>What there is, or null where the engine does not tell: then a worker knows none of them by name.</returns>
    public static ClonedTypes? VisibleTypes(Runspace runspace)
    {
        object? scope = Member(SessionState(runspace), "CurrentScope");
        if (Member(scope, "TypeResolutionState") is not { } resolution)
        {
            return null;
        }

        Dictionary<string, Type> types = new(StringComparer.OrdinalIgnoreCase);
        for (; scope is not null; scope = Member(scope, "Parent"))
        {
            foreach ((string name, Type type) in Member(scope, "TypeTable") as IDictionary<string, Type> ?? new Dictionary<string, Type>())
            {
                types.TryAdd(name, type);
            }
        }

        return new ClonedTypes(resolution, types);
    }

    /// <summary>Makes types known in all of a session, as if they were defined there.</summary>
    /// <param name="runspace">An open, idle runspace.</param>
    /// <param name="types">What <see cref="VisibleTypes"/> found elsewhere.</param>
    public static void AddTypes(Runspace runspace, ClonedTypes types)
    {
        object? scope = Member(SessionState(runspace), "GlobalScope");
        MethodInfo? add = scope?.GetType().GetMethod("AddType", Instance, [typeof(string), typeof(Type)]);
        foreach ((string name, Type type) in types.Types)
        {
            add?.Invoke(scope, [name, type]);
        }

        scope?.GetType().GetProperty("TypeResolutionState", Instance)?.SetValue(scope, types.ResolutionState);
    }

    /// <summary>
    /// Lets the static methods of a class run in whichever session calls them. Otherwise they run in the session that defined the
    /// class last, which is asked for each call: a quarter of a second while it is busy. Sessions that defined it see no difference.
    /// </summary>
    /// <param name="type">A class that was defined in PowerShell.</param>
    public static void FreeStaticMethods(Type type)
    {
        Type? helpers = type.Assembly.GetType(type.FullName + "_<staticHelpers>");
        foreach (FieldInfo method in helpers?.GetFields(BindingFlags.Static | BindingFlags.NonPublic) ?? [])
        {
            // Null for instance methods, which belong to no session unless their class was defined in the one that made them.
            if (method.FieldType == _defaultSession?.DeclaringType
                && method.GetValue(null) is { } wrapper
                && _defaultSession!.GetValue(wrapper) is { } session)
            {
                lock (session)
                {
                    session.GetType().GetMethod("SetTarget")!.Invoke(session, [null]);
                }
            }
        }
    }

    /// <summary>Binds the setter of a session's <c>$?</c>.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>The setter; without it, an item's first <c>$?</c> is the last one of the item before.</returns>
    public static Action<bool>? BindQuestionMark(Runspace runspace)
    {
        object? context = _context?.GetValue(runspace);
        return (Action<bool>?)context?.GetType()
            .GetProperty("QuestionMarkVariableValue", Instance)
            ?.GetSetMethod(nonPublic: true)
            ?.CreateDelegate(typeof(Action<bool>), context);
    }

    /// <summary>
    /// Takes off a running command's list the parameters that were not given and that the pipeline cannot give either. The engine
    /// walks that list five times for each object, which costs as much as all else that it does with it.
    /// </summary>
    /// <param name="command">A command that is in its begin phase, when everything but pipeline input is bound.</param>
    public static void KeepPipelineParametersOnly(Cmdlet command)
    {
        object? context = typeof(Cmdlet).GetProperty("Context", Instance)?.GetValue(command);
        object? processor = context?.GetType().GetProperty("CurrentCommandProcessor", Instance)?.GetValue(context);
        object? binder = processor?.GetType().GetProperty("CmdletParameterBinderController", Instance)?.GetValue(processor);
        if (binder?.GetType().GetProperty("UnboundParameters", Instance)?.GetValue(binder) is not IList unbound)
        {
            return;
        }

        for (int i = unbound.Count - 1; i >= 0; i--)
        {
            object? parameter = unbound[i]?.GetType().GetProperty("Parameter", Instance)?.GetValue(unbound[i]);
            if (parameter?.GetType().GetProperty("IsPipelineParameterInSomeParameterSet", Instance)?.GetValue(parameter) is false)
            {
                unbound.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Sends what a running command writes straight to a collection. The way through the pipeline's own output, which ends there
    /// too, takes locks and events that nobody here needs.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="output">Where its output goes from now on.</param>
    public static void RedirectOutput(Cmdlet command, Collection<PSObject> output)
    {
        Type? pipeType = _engine.GetType("System.Management.Automation.Internal.Pipe");
        ConstructorInfo? constructor = pipeType?.GetConstructor(Instance, [typeof(Collection<PSObject>)]);
        PropertyInfo? pipe = command.CommandRuntime.GetType().GetProperty("OutputPipe", Instance);
        if (constructor is not null && pipe?.PropertyType == pipeType)
        {
            pipe!.SetValue(command.CommandRuntime, constructor.Invoke([output]));
        }
    }

    /// <summary>
    /// Takes off a wrapper that adds nothing to what it wraps: no member, no name of a type. The engine wraps whatever goes into a collection,
    /// and a wrapped number takes five times the memory for as long as its receiver keeps it.
    /// </summary>
    /// <param name="wrapped">What was written.</param>
    /// <returns>The bare value, or the object as it is where it has something of its own or the engine does not tell.</returns>
    public static object? WithoutBareWrapper(PSObject? wrapped) =>
        wrapped is not null && _isBare?.Invoke(wrapped) == true ? wrapped.ImmediateBaseObject : wrapped;

    /// <summary>
    /// Binds what writes to a command's output as script does: a value as it is. A command's own WriteObject wraps it.
    /// </summary>
    /// <param name="command">A command whose pipeline is running.</param>
    /// <returns>Writes one object, on the pipeline's thread.</returns>
    public static Action<object?> BindWriteObject(Cmdlet command)
    {
        object? pipe = Member(command.CommandRuntime, "OutputPipe");
        return pipe?.GetType().GetMethod("Add", Instance, [typeof(object)])?.CreateDelegate<Action<object?>>(pipe) ?? command.WriteObject;
    }

    /// <summary>Asks to be told when a session's location changes.</summary>
    /// <param name="runspace">The session's runspace.</param>
    /// <param name="changed">Called on the session's thread.</param>
    /// <returns>Whether it will be.</returns>
    public static bool TryWatchLocation(Runspace runspace, Action changed)
    {
        object commands = runspace.SessionStateProxy.InvokeCommand;
        PropertyInfo? action = commands.GetType().GetProperty("LocationChangedAction", Instance);
        if (action is null)
        {
            return false;
        }

        EventHandler handler = (_, _) => changed();
        Delegate typed = Delegate.CreateDelegate(action.PropertyType, handler.Target, handler.Method);
        action.SetValue(commands, Delegate.Combine((Delegate?)action.GetValue(commands), typed));
        return true;
    }

    /// <summary>
    /// Finds a session's stacks of locations, of which only the default one is public. Without them, what one item pushed is seen by the
    /// next.
    /// </summary>
    /// <param name="runspace">The session's runspace.</param>
    /// <returns>The stacks by their names, to be emptied; null where the engine does not tell.</returns>
    public static IDictionary? LocationStacks(Runspace runspace)
    {
        object? session = SessionState(runspace);
        return session?.GetType().GetField("_workingLocationStack", Instance)?.GetValue(session) as IDictionary;
    }

    /// <summary>The sessions that are open in this process, but for hidden ones.</summary>
    /// <returns>A copy of the list; empty where the engine does not tell.</returns>
    public static IReadOnlyList<Runspace> OpenRunspaces()
    {
        List<Runspace> open = [];
        if (!CanHide)
        {
            return open;
        }

        lock (_runspacesLock!)
        {
            foreach (WeakReference<Runspace> reference in _runspaces!.Values)
            {
                if (reference.TryGetTarget(out Runspace? runspace) && runspace.RunspaceStateInfo.State <= RunspaceState.Opened)
                {
                    open.Add(runspace);
                }
            }
        }

        return open;
    }

    /// <summary>Whether a body has a clean block.</summary>
    /// <param name="ast">The body.</param>
    /// <returns>True if so.</returns>
    public static bool HasCleanBlock(ScriptBlockAst ast) => _cleanBlock?.GetValue(ast) is not null;

    /// <summary>
    /// Takes a runspace off the list that <c>Get-Runspace</c> and the debugger show, while it waits in a pool and runs nothing.
    /// </summary>
    /// <param name="runspace">The runspace.</param>
    /// <returns>Whether that could be done.</returns>
    public static bool TryHide(Runspace runspace)
    {
        if (!CanHide)
        {
            return false;
        }

        lock (_runspacesLock!)
        {
            _runspaces!.Remove(runspace.Id);
        }

        return true;
    }

    /// <summary>Undoes <see cref="TryHide"/>.</summary>
    /// <param name="runspace">The runspace.</param>
    public static void Show(Runspace runspace)
    {
        lock (_runspacesLock!)
        {
            _runspaces![runspace.Id] = new WeakReference<Runspace>(runspace);
        }
    }

    /// <summary>Makes an error what it was in the process that it comes from. Without it, it has the id, and no position.</summary>
    /// <param name="record">The error.</param>
    /// <param name="fullId">Its full id.</param>
    /// <param name="invocation">Where it was written; null if it is not known.</param>
    /// <param name="scriptStackTrace">The calls that led there.</param>
    public static void Restore(ErrorRecord record, string fullId, InvocationInfo? invocation, string? scriptStackTrace)
    {
        _errorFullId?.SetValue(record, fullId);
        _errorInvocation?.SetValue(record, invocation);
        _errorTrace?.SetValue(record, scriptStackTrace);
    }

    /// <summary>What Unix knows of a file: owner, mode, times. The property <c>UnixStat</c> of files, from which others are made.</summary>
    /// <param name="path">The file.</param>
    /// <returns>What is known; null where nothing is.</returns>
    public static object? UnixStat(string path)
    {
        try
        {
            return _unixStat?.Invoke(null, [path]);
        }
        catch (TargetInvocationException)
        {
            // It is gone, or may not be looked at: as the provider has it.
            return null;
        }
    }

    /// <summary>The position of an invocation, with its end.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <returns>The position; null where the engine keeps it to itself.</returns>
    public static IScriptExtent? PositionOf(InvocationInfo invocation) => _scriptPosition?.GetValue(invocation) as IScriptExtent;

    /// <summary>Makes an invocation that tells where something was written.</summary>
    /// <param name="command">The cmdlet that wrote it; null if none did.</param>
    /// <param name="position">Where.</param>
    /// <returns>The invocation; null where the engine makes none.</returns>
    public static InvocationInfo? CreateInvocation(string? command, IScriptExtent position)
    {
        // Of any cmdlet's implementation: only the name is shown.
        CmdletInfo? cmdlet = command is null ? null : new CmdletInfo(command, typeof(ItemLoopCommand));
        return _createInvocation?.Invoke(cmdlet, position);
    }

    /// <summary>Makes an exception of a type that cannot be made otherwise with the message that it had.</summary>
    /// <param name="type">The type.</param>
    /// <param name="message">The message.</param>
    /// <param name="inner">What caused it.</param>
    /// <returns>The exception; null where that cannot be done.</returns>
    public static Exception? CreateException(Type type, string message, Exception? inner)
    {
        if (_exceptionMessage is null || _exceptionInner is null)
        {
            return null;
        }

        Exception exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        _exceptionMessage.SetValue(exception, message);
        _exceptionInner.SetValue(exception, inner);
        return exception;
    }

    private static Func<object, bool>? BindIsStopping()
    {
        if (_context?.PropertyType.GetProperty("CurrentPipelineStopping", Instance) is not { } property)
        {
            return null;
        }

        ParameterExpression context = Expression.Parameter(typeof(object));
        return Expression.Lambda<Func<object, bool>>(Expression.Property(Expression.Convert(context, _context.PropertyType), property), context).Compile();
    }

    private static Action<ScriptBlock, Cmdlet, object?, object?[]>? BindInvoke()
    {
        MethodInfo? method = typeof(ScriptBlock).GetMethod("InvokeUsingCmdlet", Instance);
        Type? nothing = _engine.GetType("System.Management.Automation.Internal.AutomationNull");
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

    private static Func<PSObject, bool>? BindIsBare()
    {
        FieldInfo? members = typeof(PSObject).GetField("_instanceMembers", Instance);
        FieldInfo? typeNames = typeof(PSObject).GetField("_typeNames", Instance);
        FieldInfo? value = typeof(PSObject).GetField("_immediateBaseObject", Instance);
        PropertyInfo? isLocal = typeof(PSObject).GetProperty("StoreTypeNameAndInstanceMembersLocally", Instance);
        if (members is null || typeNames is null || value is null || isLocal is null)
        {
            return null;
        }

        // Of other values the engine keeps members and names by the value itself; a custom object is nothing without its wrapper.
        ParameterExpression wrapped = Expression.Parameter(typeof(PSObject));
        Expression[] conditions =
        [
            Expression.Equal(Expression.Field(wrapped, members), Expression.Constant(null, members.FieldType)),
            Expression.Equal(Expression.Field(wrapped, typeNames), Expression.Constant(null, typeNames.FieldType)),
            Expression.Not(Expression.Property(wrapped, isLocal)),
            Expression.Not(Expression.TypeIs(Expression.Field(wrapped, value), typeof(PSCustomObject))),
            Expression.Not(Expression.TypeIs(Expression.Field(wrapped, value), typeof(PSObject))),
        ];
        return Expression.Lambda<Func<PSObject, bool>>(conditions.Aggregate(Expression.AndAlso), wrapped).Compile();
    }

    private static object? SessionState(Runspace runspace) => Member(_context?.GetValue(runspace), "EngineSessionState");

    private static object? Member(object? owner, string property) => owner?.GetType().GetProperty(property, Instance)?.GetValue(owner);

    private static Action<string, T, bool>? BindSessionMethod<T>(Runspace runspace, string name)
    {
        object? session = SessionState(runspace);
        return session?.GetType()
            .GetMethod(name, Instance, [typeof(string), typeof(T), typeof(bool)])
            ?.CreateDelegate(typeof(Func<string, T, bool, object>), session) is Func<string, T, bool, object> set
                ? (key, value, force) => set(key, value, force)
                : null;
    }

    private static Action<ErrorRecord, T>? BindSetter<T>(Type type, string property) =>
        (Action<ErrorRecord, T>?)type.GetProperty(property, Instance)
            ?.GetSetMethod(nonPublic: true)
            ?.CreateDelegate(typeof(Action<ErrorRecord, T>));

    private static ConstructorInfo? BindFunctionConstructor()
    {
        Type? provider = _engine.GetType("System.Management.Automation.Language.IParameterMetadataProvider");
        return provider is null ? null : typeof(ScriptBlock).GetConstructor(Instance, [provider, typeof(bool)]);
    }

    private static ConstructorInfo? BindStopUpstream()
    {
        Type? type = _engine.GetType("System.Management.Automation.StopUpstreamCommandsException");
        Type? command = _engine.GetType("System.Management.Automation.Internal.InternalCommand");
        return type is null || command is null ? null : type.GetConstructor(Instance, [command]);
    }

    private static List<string> FindMissing()
    {
        List<string> missing = [];
        AddIf(_invoke is null, "ScriptBlock.InvokeUsingCmdlet");
        AddIf(_preserve is null, "ErrorRecord.PreserveInvocationInfoOnce");
        AddIf(_setTarget is null, "ErrorRecord.SetTargetObject");
        AddIf(_writeError is null, "MshCommandRuntime._WriteErrorSkipAllowCheck");
        AddIf(!Has("Internal.PipelineProcessor", "ExecutionFailed"), "PipelineProcessor.ExecutionFailed");
        AddIf(_fromFunction is null, "ScriptBlock(IParameterMetadataProvider, bool)");
        AddIf(_stopUpstream is null, "StopUpstreamCommandsException(InternalCommand)");
        AddIf(_context?.PropertyType.GetProperty("QuestionMarkVariableValue", Instance) is null, "ExecutionContext.QuestionMarkVariableValue");
        AddIf(_isStopping is null, "ExecutionContext.CurrentPipelineStopping");
        AddIf(_cleanBlock is null, "ScriptBlockAst.CleanBlock");
        AddIf(!CanHide, "Runspace.s_runspaceDictionary");
        AddIf(!Has("CommandInvocationIntrinsics", "LocationChangedAction"), "CommandInvocationIntrinsics.LocationChangedAction");
        AddIf(
            _context?.PropertyType.GetProperty("EngineSessionState", Instance)?.PropertyType.GetField("_workingLocationStack", Instance) is null,
            "SessionStateInternal._workingLocationStack");
        AddIf(!Has("MshCommandRuntime", "OutputPipe"), "MshCommandRuntime.OutputPipe");
        AddIf(!Has("Internal.Pipe", "Add"), "Pipe.Add");
        AddIf(_isBare is null, "PSObject._instanceMembers");
        AddIf(!ReusedScope.IsAvailable, "SessionStateScope");
        AddIf(!Has("CmdletParameterBinderController", "UnboundParameters"), "CmdletParameterBinderController.UnboundParameters");
        AddIf(!Has("CompiledCommandParameter", "IsPipelineParameterInSomeParameterSet"), "CompiledCommandParameter.IsPipelineParameterInSomeParameterSet");
        AddIf(!Has("ModuleIntrinsics", "ModuleTable"), "ModuleIntrinsics.ModuleTable");
        AddIf(!Has("SessionStateInternal", "GetFunctionTable"), "SessionStateInternal.GetFunctionTable");
        AddIf(!Has("SessionStateInternal", "GetAliasTable"), "SessionStateInternal.GetAliasTable");
        AddIf(!Has("SessionStateInternal", "GetVariableTable"), "SessionStateInternal.GetVariableTable");
        AddIf(!Has("SessionStateInternal", "SetFunction"), "SessionStateInternal.SetFunction");
        AddIf(!Has("SessionStateInternal", "SetAliasValue"), "SessionStateInternal.SetAliasValue");
        AddIf(!Has("SessionStateInternal", "CurrentScope"), "SessionStateInternal.CurrentScope");
        AddIf(!Has("SessionStateInternal", "GlobalScope"), "SessionStateInternal.GlobalScope");
        AddIf(!Has("SessionStateScope", "TypeTable"), "SessionStateScope.TypeTable");
        AddIf(!Has("SessionStateScope", "AddType"), "SessionStateScope.AddType");
        AddIf(!Has("SessionStateScope", "TypeResolutionState"), "SessionStateScope.TypeResolutionState");
        missing.AddRange(InstanceMembers.Missing);
        AddIf(_errorInvocation is null, "ErrorRecord._invocationInfo");
        AddIf(_errorFullId is null, "ErrorRecord._serializedFullyQualifiedErrorId");
        AddIf(_errorTrace is null, "ErrorRecord._scriptStackTrace");
        AddIf(_scriptPosition is null, "InvocationInfo.ScriptPosition");
        AddIf(_createInvocation is null, "InvocationInfo.Create");
        AddIf(_unixStat is null && !OperatingSystem.IsWindows(), "Platform.Unix.GetLStat");
        AddIf(_exceptionMessage is null, "Exception._message");
        AddIf(_exceptionInner is null, "Exception._innerException");
        AddIf(_defaultSession is null, "ScriptBlockMemberMethodWrapper._defaultSessionStateToUse");
        return missing;

        static bool Has(string type, string member) =>
            _engine.GetType("System.Management.Automation." + type)?.GetMember(member, Instance).Length > 0;

        void AddIf(bool isMissing, string name)
        {
            if (isMissing)
            {
                missing.Add(name);
            }
        }
    }
}
