using System.Collections;
using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Management.Automation;
using System.Reflection;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>What a running command can do with its pipeline beyond what is public: shorter ways in and out.</summary>
internal static class EnginePipelines
{
    private static readonly ConstructorInfo? _stopUpstream = BindStopUpstream();
    private static readonly Func<PSObject, bool>? _isBare = BindIsBare();

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>
    /// The exception by which a command ends what feeds it, and lets what it feeds go on, as <c>Select-Object -First</c> does.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <returns>The exception to throw, or null where there is none.</returns>
    public static Exception? StopUpstream(Cmdlet command) => (Exception?)_stopUpstream?.Invoke([command]);

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
        Type? pipeType = EngineReflection.Engine.GetType("System.Management.Automation.Internal.Pipe");
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
        object? pipe = EngineReflection.Member(command.CommandRuntime, "OutputPipe");
        return pipe?.GetType().GetMethod("Add", Instance, [typeof(object)])?.CreateDelegate<Action<object?>>(pipe) ?? command.WriteObject;
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

    private static ConstructorInfo? BindStopUpstream()
    {
        Type? type = EngineReflection.Engine.GetType("System.Management.Automation.StopUpstreamCommandsException");
        Type? command = EngineReflection.Engine.GetType("System.Management.Automation.Internal.InternalCommand");
        return type is null || command is null ? null : type.GetConstructor(Instance, [command]);
    }

    private static List<string> FindMissing()
    {
        MissingMembers missing = new();
        missing.AddIf(_stopUpstream is null, "StopUpstreamCommandsException(InternalCommand)");
        missing.AddUnlessHas("MshCommandRuntime", "OutputPipe");
        missing.AddUnlessHas("Internal.Pipe", "Add");
        missing.AddIf(_isBare is null, "PSObject._instanceMembers");
        missing.AddUnlessHas("CmdletParameterBinderController", "UnboundParameters");
        missing.AddUnlessHas("CompiledCommandParameter", "IsPipelineParameterInSomeParameterSet");
        return missing.Names;
    }
}
