using System.Management.Automation.Runspaces;

namespace Switchyard.Engine;

/// <summary>Classes and enums that were defined in PowerShell.</summary>
internal static class EngineTypes
{
    /// <summary>Whether all is there that it takes to find a session's classes and to make them known in another.</summary>
    public static bool CanClone =>
        !new EngineMember[]
        {
            EngineMembers.ContextOfRunspace, EngineMembers.ContextSessionState, EngineMembers.CurrentScope, EngineMembers.GlobalScope,
            EngineMembers.ScopeParent, EngineMembers.ScopeTypes, EngineMembers.ScopeTypeResolution, EngineMembers.ScopeAddType,
        }.Any(member => member.IsMissing);

    /// <summary>The classes and enums that code in a session sees, and the namespaces that it uses.</summary>
    /// <returns>What there is, or null where the engine does not tell: then a worker knows none of them by name.</returns>
    public static ClonedTypes? VisibleTypes(Runspace runspace)
    {
        object? scope = EngineMembers.CurrentScope.Get(EngineSessions.StateOf(runspace));
        if (!CanClone || EngineMembers.ScopeTypeResolution.Get(scope) is not { } resolution)
        {
            return null;
        }

        Dictionary<string, Type> types = new(StringComparer.OrdinalIgnoreCase);
        for (; scope is not null; scope = EngineMembers.ScopeParent.Get(scope))
        {
            foreach ((string name, Type type) in EngineMembers.ScopeTypes.Get(scope) as IDictionary<string, Type> ?? new Dictionary<string, Type>())
            {
                types.TryAdd(name, type);
            }
        }

        return new ClonedTypes(resolution, types);
    }

    /// <summary>Makes types known in all of a session, as if they were defined there.</summary>
    public static void AddTypes(Runspace runspace, ClonedTypes types)
    {
        if (EngineMembers.GlobalScope.Get(EngineSessions.StateOf(runspace)) is not { } scope)
        {
            return;
        }

        foreach ((string name, Type type) in types.Types)
        {
            EngineMembers.ScopeAddType.Required.Invoke(scope, [name, type]);
        }

        EngineMembers.ScopeTypeResolution.TrySet(scope, types.ResolutionState);
    }

    /// <summary>
    /// Lets the static methods of a class run in whichever session calls them. Otherwise they run in the session that defined the
    /// class last, which is asked for each call: a quarter of a second while it is busy. Sessions that defined it see no difference.
    /// </summary>
    public static void FreeStaticMethods(Type type)
    {
        foreach (object method in EngineMembers.MethodsOf(type))
        {
            // None for instance methods, which belong to no session unless their class was defined in the one that made them.
            if (EngineMembers.ClassMethodSession.Get(method) is { } session)
            {
                lock (session)
                {
                    EngineMembers.SessionSetTarget.Info?.Invoke(session, [null]);
                }
            }
        }
    }
}
