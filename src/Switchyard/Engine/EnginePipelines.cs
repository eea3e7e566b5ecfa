using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Switchyard.Engine;

/// <summary>What a running command can do with its pipeline beyond what is public: shorter ways in and out.</summary>
internal static class EnginePipelines
{
    private static readonly Func<PSObject, bool>? _isBare = EngineMembers.TryBind(BindIsBare);

    /// <summary>Whether <see cref="WithoutBareWrapper"/> does anything.</summary>
    public static bool CanTellBare => _isBare is not null;

    /// <summary>
    /// Takes off a running command's list the parameters that were not given and that the pipeline cannot give either. The engine
    /// walks that list five times for each object, which costs as much as all else that it does with it.
    /// </summary>
    /// <param name="command">A command that is in its begin phase, when everything but pipeline input is bound.</param>
    public static void KeepPipelineParametersOnly(Cmdlet command)
    {
        object? processor = EngineMembers.CurrentCommand.Get(EngineMembers.ContextOfCommand.Get(command));
        if (EngineMembers.UnboundParameters.Get(EngineMembers.ParameterBinder.Get(processor)) is not IList unbound)
        {
            return;
        }

        for (int i = unbound.Count - 1; i >= 0; i--)
        {
            if (EngineMembers.TakesPipelineInput.Get(EngineMembers.UnboundParameter.Get(unbound[i])) is false)
            {
                unbound.RemoveAt(i);
            }
        }
    }

    /// <summary>
    /// Sends what a running command writes straight to a collection. The way through the pipeline's own output, which ends there
    /// too, takes locks and events that are not needed here.
    /// </summary>
    public static void RedirectOutput(Cmdlet command, Collection<PSObject> output)
    {
        if (EngineMembers.NewPipe.Info is { } pipe && EngineMembers.OutputPipe.Info?.PropertyType == pipe.DeclaringType)
        {
            EngineMembers.OutputPipe.TrySet(command.CommandRuntime, pipe.Invoke([output]));
        }
    }

    /// <summary>
    /// Takes off a wrapper that adds nothing to what it wraps: no member, no name of a type. The engine wraps whatever goes into a collection,
    /// and a wrapped number takes five times the memory for as long as its receiver keeps it.
    /// </summary>
    /// <returns>The bare value, or the object as it is where it has something of its own or the engine does not tell.</returns>
    public static object? WithoutBareWrapper(PSObject? wrapped) =>
        wrapped is not null && _isBare?.Invoke(wrapped) == true ? wrapped.ImmediateBaseObject : wrapped;

    /// <summary>Whether a wrapper is known to add nothing to what it wraps.</summary>
    public static bool IsBare(PSObject wrapped) => _isBare?.Invoke(wrapped) == true && wrapped.ImmediateBaseObject is ValueType or string;

    /// <summary>
    /// Binds what writes to a command's output as script does: a value as it is. A command's own WriteObject wraps it.
    /// </summary>
    public static Action<object?> BindWriteObject(Cmdlet command) =>
        EngineMembers.OutputPipe.Get(command.CommandRuntime) is { } pipe
            ? EngineMembers.TryBind(() => EngineMembers.PipeAdd.Required.CreateDelegate<Action<object?>>(pipe)) ?? command.WriteObject
            : command.WriteObject;

    /// <summary>
    /// Whether a pipeline has ended because a command after this one wants no more, as <c>Select-Object -First</c> says with what it was given last.
    /// False where the engine does not tell it from a failure.
    /// </summary>
    public static bool HasEnough(Cmdlet command) =>
        EngineMembers.PipelineEnd.Get(EngineMembers.PipelineOfCommand.Get(command.CommandRuntime)) is ExceptionDispatchInfo end
        && end.SourceException.GetType().Name == "StopUpstreamCommandsException";

    private static Func<PSObject, bool> BindIsBare()
    {
        FieldInfo members = EngineMembers.ObjectMembers.Required;
        FieldInfo typeNames = EngineMembers.ObjectTypeNames.Required;
        FieldInfo value = EngineMembers.ObjectValue.Required;

        // Of other values the engine keeps members and names by the value itself; a custom object is nothing without its wrapper.
        ParameterExpression wrapped = Expression.Parameter(typeof(PSObject));
        Expression[] conditions =
        [
            Expression.Equal(Expression.Field(wrapped, members), Expression.Constant(null, members.FieldType)),
            Expression.Equal(Expression.Field(wrapped, typeNames), Expression.Constant(null, typeNames.FieldType)),
            Expression.Not(Expression.Property(wrapped, EngineMembers.ObjectIsLocal.Required)),
            Expression.Not(Expression.TypeIs(Expression.Field(wrapped, value), typeof(PSCustomObject))),
            Expression.Not(Expression.TypeIs(Expression.Field(wrapped, value), typeof(PSObject))),
        ];
        return Expression.Lambda<Func<PSObject, bool>>(conditions.Aggregate(Expression.AndAlso), wrapped).Compile();
    }
}
