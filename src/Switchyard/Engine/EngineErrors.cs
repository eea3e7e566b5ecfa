using System.Management.Automation.Language;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Switchyard.Engine;

/// <summary>What an error record or exception holds that only the engine may set: for one that is written by another thread, or came from another process.</summary>
internal static class EngineErrors
{
    private static readonly Action<ErrorRecord, bool>? _preserve =
        EngineMembers.TryBind(() => EngineMembers.PreserveInvocation.Required.SetMethod!.CreateDelegate<Action<ErrorRecord, bool>>());
    private static readonly Action<ErrorRecord, object?>? _setTarget =
        EngineMembers.TryBind(() => EngineMembers.SetTarget.Required.CreateDelegate<Action<ErrorRecord, object?>>());
    private static readonly Func<CommandInfo?, IScriptExtent, InvocationInfo>? _createInvocation =
        EngineMembers.TryBind(() => EngineMembers.CreateInvocation.Required.CreateDelegate<Func<CommandInfo?, IScriptExtent, InvocationInfo>>());

    /// <summary>Lets the next command that writes this record leave its position and id as they are.</summary>
    public static void PreserveInvocationInfo(ErrorRecord record) => _preserve?.Invoke(record, true);

    /// <summary>
    /// Writes an error that is no failure: whatever the command's error action, it neither stops it nor makes <c>$?</c> false.
    /// </summary>
    /// <returns>False where that cannot be done.</returns>
    public static bool TryWriteStandardError(Cmdlet command, ErrorRecord record)
    {
        // All or nothing: with the command's own error action unknown, or its pipeline's failure noted, it would be a failure after all.
        object runtime = command.CommandRuntime;
        if (EngineMembers.WriteError.Info is not { } write
            || EngineMembers.ErrorAction.Get(runtime) is not ActionPreference action
            || EngineMembers.PipelineOfCommand.Get(runtime) is not { } pipeline
            || EngineMembers.PipelineFailed.Get(pipeline) is not { } before)
        {
            return false;
        }

        write.Invoke(
            runtime,
            BindingFlags.DoNotWrapExceptions,
            null,
            [record, action is ActionPreference.SilentlyContinue or ActionPreference.Ignore ? action : ActionPreference.Continue, false],
            null);
        EngineMembers.PipelineFailed.TrySet(pipeline, before);
        return true;
    }

    /// <summary>Sets what an error is about.</summary>
    /// <returns>The record, or a copy with the target where it cannot be set, if need be without the position.</returns>
    public static ErrorRecord WithTarget(ErrorRecord record, object? target)
    {
        if (_setTarget is not null)
        {
            _setTarget(record, target);
            return record;
        }

        ErrorCategoryInfo category = record.CategoryInfo;
        ErrorRecord copy = new(record.Exception, record.FullyQualifiedErrorId, category.Category, target) { ErrorDetails = record.ErrorDetails };
        copy.CategoryInfo.Activity = category.Activity;
        copy.CategoryInfo.Reason = category.Reason;
        Restore(copy, record.FullyQualifiedErrorId, record.InvocationInfo, record.ScriptStackTrace);
        return copy;
    }

    /// <summary>Makes an error what it was in the process that it comes from. Without the members it has the id, and no position.</summary>
    /// <param name="invocation">Where it was written; null if it is not known.</param>
    public static void Restore(ErrorRecord record, string fullId, InvocationInfo? invocation, string? scriptStackTrace)
    {
        EngineMembers.ErrorFullId.TrySet(record, fullId);
        EngineMembers.ErrorInvocation.TrySet(record, invocation);
        EngineMembers.ErrorTrace.TrySet(record, scriptStackTrace);
    }

    /// <summary>The position of an invocation, with its end; null where the engine keeps it to itself.</summary>
    public static IScriptExtent? PositionOf(InvocationInfo invocation) => EngineMembers.ScriptPosition.Get(invocation) as IScriptExtent;

    /// <summary>Makes an invocation that tells where something was written.</summary>
    /// <param name="command">The cmdlet that wrote it; null if none did.</param>
    /// <returns>The invocation; null where the engine makes none.</returns>
    public static InvocationInfo? CreateInvocation(string? command, IScriptExtent position)
    {
        // Of any cmdlet's implementation: only the name is shown.
        CmdletInfo? cmdlet = command is null ? null : new CmdletInfo(command, typeof(ForwardOutputCommand));
        return _createInvocation?.Invoke(cmdlet, position);
    }

    /// <summary>Makes an exception of a type that cannot be made otherwise with the message that it had.</summary>
    /// <returns>The exception; null where that cannot be done.</returns>
    public static Exception? CreateException(Type type, string message, Exception? inner)
    {
        if (EngineMembers.ExceptionMessage.IsMissing || EngineMembers.ExceptionInner.IsMissing)
        {
            return null;
        }

        Exception exception = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        EngineMembers.ExceptionMessage.TrySet(exception, message);
        EngineMembers.ExceptionInner.TrySet(exception, inner);
        return exception;
    }
}
