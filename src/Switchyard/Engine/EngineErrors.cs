using System.Management.Automation;
using System.Management.Automation.Language;
using System.Reflection;
using System.Runtime.CompilerServices;
using Switchyard.Runspaces;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>What an error record or exception holds that only the engine may set: for one that is written by another thread, or came from another process.</summary>
internal static class EngineErrors
{
    private static readonly Action<ErrorRecord, bool>? _preserve =
        BindSetter<bool>(typeof(ErrorRecord), "PreserveInvocationInfoOnce");
    private static readonly MethodInfo? _writeError = EngineReflection.Engine
        .GetType("System.Management.Automation.MshCommandRuntime")
        ?.GetMethod("_WriteErrorSkipAllowCheck", Instance, [typeof(ErrorRecord), typeof(ActionPreference?), typeof(bool)]);
    private static readonly Action<ErrorRecord, object?>? _setTarget =
        (Action<ErrorRecord, object?>?)typeof(ErrorRecord)
            .GetMethod("SetTargetObject", Instance, [typeof(object)])
            ?.CreateDelegate(typeof(Action<ErrorRecord, object?>));
    private static readonly FieldInfo? _errorInvocation = typeof(ErrorRecord).GetField("_invocationInfo", Instance);
    private static readonly FieldInfo? _errorFullId = typeof(ErrorRecord).GetField("_serializedFullyQualifiedErrorId", Instance);
    private static readonly FieldInfo? _errorTrace = typeof(ErrorRecord).GetField("_scriptStackTrace", Instance);
    private static readonly PropertyInfo? _scriptPosition = typeof(InvocationInfo).GetProperty("ScriptPosition", Instance);
    private static readonly Func<CommandInfo?, IScriptExtent, InvocationInfo>? _createInvocation = typeof(InvocationInfo)
        .GetMethod("Create", Static, [typeof(CommandInfo), typeof(IScriptExtent)])
        ?.CreateDelegate<Func<CommandInfo?, IScriptExtent, InvocationInfo>>();
    private static readonly FieldInfo? _exceptionMessage = typeof(Exception).GetField("_message", Instance);
    private static readonly FieldInfo? _exceptionInner = typeof(Exception).GetField("_innerException", Instance);

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>Lets the next command that writes this record leave its position and id as they are.</summary>
    /// <param name="record">The record.</param>
    public static void PreserveInvocationInfo(ErrorRecord record) => _preserve?.Invoke(record, true);

    /// <summary>
    /// Writes an error that is no failure: whatever the command's error action, it neither stops it nor makes <c>$?</c> false.
    /// </summary>
    /// <param name="command">The running command.</param>
    /// <param name="record">The error.</param>
    /// <returns>False where that cannot be done.</returns>
    public static bool TryWriteStandardError(Cmdlet command, ErrorRecord record)
    {
        object runtime = command.CommandRuntime;
        if (_writeError is null || !_writeError.DeclaringType!.IsInstanceOfType(runtime))
        {
            return false;
        }

        object? pipeline = EngineReflection.Member(runtime, "PipelineProcessor");
        PropertyInfo? failed = pipeline?.GetType().GetProperty("ExecutionFailed", Instance);
        object? before = failed?.GetValue(pipeline);
        ActionPreference? action = EngineReflection.Member(runtime, "ErrorAction") as ActionPreference?;
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

    private static Action<ErrorRecord, T>? BindSetter<T>(Type type, string property) =>
        (Action<ErrorRecord, T>?)type.GetProperty(property, Instance)
            ?.GetSetMethod(nonPublic: true)
            ?.CreateDelegate(typeof(Action<ErrorRecord, T>));

    private static List<string> FindMissing()
    {
        MissingMembers missing = new();
        missing.AddIf(_preserve is null, "ErrorRecord.PreserveInvocationInfoOnce");
        missing.AddIf(_setTarget is null, "ErrorRecord.SetTargetObject");
        missing.AddIf(_writeError is null, "MshCommandRuntime._WriteErrorSkipAllowCheck");
        missing.AddUnlessHas("Internal.PipelineProcessor", "ExecutionFailed");
        missing.AddIf(_errorInvocation is null, "ErrorRecord._invocationInfo");
        missing.AddIf(_errorFullId is null, "ErrorRecord._serializedFullyQualifiedErrorId");
        missing.AddIf(_errorTrace is null, "ErrorRecord._scriptStackTrace");
        missing.AddIf(_scriptPosition is null, "InvocationInfo.ScriptPosition");
        missing.AddIf(_createInvocation is null, "InvocationInfo.Create");
        missing.AddIf(_exceptionMessage is null, "Exception._message");
        missing.AddIf(_exceptionInner is null, "Exception._innerException");
        return missing.Names;
    }
}
