using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>What a session holds, without asking for it through commands and providers, which takes a hundred times as long.</summary>
internal static class EngineSessions
{
    private static readonly IDictionary? _runspaces =
        typeof(Runspace).GetField("s_runspaceDictionary", Static)?.GetValue(null) as IDictionary;
    private static readonly object? _runspacesLock = typeof(Runspace).GetField("s_syncObject", Static)?.GetValue(null);

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>Whether <see cref="TryHide"/> works.</summary>
    public static bool CanHide => _runspaces is not null && _runspacesLock is not null;

    /// <summary>The modules of a session, without running a command for it.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>The modules, or null where only <c>Get-Module</c> tells.</returns>
    public static IEnumerable<PSModuleInfo>? Modules(Runspace runspace)
    {
        object? context = EngineReflection.Context?.GetValue(runspace);
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
        object? session = EngineReflection.SessionState(runspace);
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

    /// <summary>Binds the setter of a session's <c>$?</c>.</summary>
    /// <param name="runspace">An open runspace.</param>
    /// <returns>The setter; without it, an item's first <c>$?</c> is the last one of the item before.</returns>
    public static Action<bool>? BindQuestionMark(Runspace runspace)
    {
        object? context = EngineReflection.Context?.GetValue(runspace);
        return (Action<bool>?)context?.GetType()
            .GetProperty("QuestionMarkVariableValue", Instance)
            ?.GetSetMethod(nonPublic: true)
            ?.CreateDelegate(typeof(Action<bool>), context);
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
        object? session = EngineReflection.SessionState(runspace);
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

    private static Action<string, T, bool>? BindSessionMethod<T>(Runspace runspace, string name)
    {
        object? session = EngineReflection.SessionState(runspace);
        return session?.GetType()
            .GetMethod(name, Instance, [typeof(string), typeof(T), typeof(bool)])
            ?.CreateDelegate(typeof(Func<string, T, bool, object>), session) is Func<string, T, bool, object> set
                ? (key, value, force) => set(key, value, force)
                : null;
    }

    private static List<string> FindMissing()
    {
        MissingMembers missing = new();
        missing.AddIf(!CanHide, "Runspace.s_runspaceDictionary");
        missing.AddUnlessHas("ExecutionContext", "QuestionMarkVariableValue");
        missing.AddUnlessHas("CommandInvocationIntrinsics", "LocationChangedAction");
        missing.AddUnlessHas("SessionStateInternal", "_workingLocationStack");
        missing.AddUnlessHas("ModuleIntrinsics", "ModuleTable");
        missing.AddUnlessHas("SessionStateInternal", "GetFunctionTable");
        missing.AddUnlessHas("SessionStateInternal", "GetAliasTable");
        missing.AddUnlessHas("SessionStateInternal", "GetVariableTable");
        missing.AddUnlessHas("SessionStateInternal", "SetFunction");
        missing.AddUnlessHas("SessionStateInternal", "SetAliasValue");
        return missing.Names;
    }
}
