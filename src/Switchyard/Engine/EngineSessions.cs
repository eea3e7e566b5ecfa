using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>What a session holds, without asking for it through commands and providers, which takes a hundred times as long.</summary>
internal static class EngineSessions
{
    private static readonly IDictionary? _runspaces = EngineMembers.Runspaces.Get() as IDictionary;
    private static readonly object? _runspacesLock = EngineMembers.RunspacesLock.Get();

    /// <summary>Whether <see cref="TryHide"/> works.</summary>
    public static bool CanHide => _runspaces is not null && _runspacesLock is not null;

    /// <summary>The state of an open runspace's session; null where the engine does not tell.</summary>
    public static object? StateOf(Runspace runspace) => EngineMembers.ContextSessionState.Get(EngineMembers.ContextOfRunspace.Get(runspace));

    /// <summary>The modules of a session; null where only <c>Get-Module</c> tells.</summary>
    public static IEnumerable<PSModuleInfo>? Modules(Runspace runspace)
    {
        object? modules = EngineMembers.ContextModules.Get(EngineMembers.ContextOfRunspace.Get(runspace));
        return (EngineMembers.ModuleTable.Get(modules) as IDictionary<string, PSModuleInfo>)?.Values;
    }

    /// <summary>What a session sees of a kind, without listing it through its provider, which takes half a millisecond.</summary>
    /// <returns>The entries, or null where only the provider tells.</returns>
    public static IEnumerable<T>? Table<T>(Runspace runspace, EngineMember<MethodInfo> table) =>
        table.Info is { } method && StateOf(runspace) is { } session ? (method.Invoke(session, null) as IDictionary)?.Values.OfType<T>() : null;

    /// <summary>Binds what defines a function in a session, without going through the provider, which takes ten times as long.</summary>
    /// <returns>Takes name, block and whether to replace a read-only one; null where only the provider defines functions.</returns>
    public static Action<string, ScriptBlock, bool>? BindSetFunction(Runspace runspace) => BindSetter<ScriptBlock>(runspace, EngineMembers.SetFunction);

    /// <summary>Binds what defines an alias in a session.</summary>
    /// <returns>Takes name, definition and whether to replace a read-only one; null where only the provider defines aliases.</returns>
    public static Action<string, string, bool>? BindSetAlias(Runspace runspace) => BindSetter<string>(runspace, EngineMembers.SetAlias);

    public static Action<bool>? BindQuestionMark(Runspace runspace) => EngineMembers.ContextOfRunspace.Get(runspace) is { } context
        ? EngineMembers.TryBind(() => EngineMembers.ContextQuestionMark.Required.SetMethod!.CreateDelegate<Action<bool>>(context))
        : null;

    /// <summary>Asks to be told when a session's location changes.</summary>
    public static bool TryWatchLocation(Runspace runspace, Action changed)
    {
        object commands = runspace.SessionStateProxy.InvokeCommand;
        if (EngineMembers.LocationChanged.Info is not { } action)
        {
            return false;
        }

        EventHandler handler = (_, _) => changed();
        Delegate? typed = EngineMembers.TryBind(() => Delegate.CreateDelegate(action.PropertyType, handler.Target, handler.Method));
        return typed is not null && EngineMembers.LocationChanged.TrySet(commands, Delegate.Combine((Delegate?)EngineMembers.LocationChanged.Get(commands), typed));
    }

    /// <summary>Undoes all of <see cref="TryWatchLocation"/>, and whatever else was to be told.</summary>
    public static void ForgetWatches(Runspace runspace) => EngineMembers.LocationChanged.TrySet(runspace.SessionStateProxy.InvokeCommand, null);

    /// <summary>Whether code has made the whole of a session strict.</summary>
    public static bool IsStrict(Runspace runspace) => EngineMembers.ScopeStrictMode.Get(EngineMembers.GlobalScope.Get(StateOf(runspace))) is not null;

    /// <summary>Finds a session's stacks of locations, of which only the default one is public.</summary>
    /// <returns>The stacks by their names, to be emptied; null where the engine does not tell.</returns>
    public static IDictionary? LocationStacks(Runspace runspace) => EngineMembers.LocationStacks.Get(StateOf(runspace)) as IDictionary;

    /// <summary>The sessions that are open in this process, but for hidden ones.</summary>
    /// <returns>A copy of the list; null where the engine does not tell.</returns>
    public static IReadOnlyList<Runspace>? OpenRunspaces()
    {
        if (!CanHide)
        {
            return null;
        }

        List<Runspace> open = [];
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
    public static void Show(Runspace runspace)
    {
        lock (_runspacesLock!)
        {
            _runspaces![runspace.Id] = new WeakReference<Runspace>(runspace);
        }
    }

    private static Action<string, T, bool>? BindSetter<T>(Runspace runspace, EngineMember<MethodInfo> method)
    {
        object? session = StateOf(runspace);
        Func<string, T, bool, object>? set = session is null
            ? null
            : EngineMembers.TryBind(() => method.Required.CreateDelegate<Func<string, T, bool, object>>(session));
        return set is null ? null : (key, value, force) => set(key, value, force);
    }
}
