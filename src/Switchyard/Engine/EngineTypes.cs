using System.Management.Automation.Runspaces;
using System.Reflection;
using Switchyard.Runspaces;
using static Switchyard.Engine.EngineReflection;

namespace Switchyard.Engine;

/// <summary>Classes and enums that were defined in PowerShell.</summary>
internal static class EngineTypes
{
    private static readonly FieldInfo? _defaultSession = EngineReflection.Engine
        .GetType("System.Management.Automation.Internal.ScriptBlockMemberMethodWrapper")?.GetField("_defaultSessionStateToUse", Instance);

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IReadOnlyList<string> Missing { get; } = FindMissing();

    /// <summary>The classes and enums that code in a session sees, and the namespaces that it uses.</summary>
    /// <param name="runspace">The session's runspace, while its code runs.</param>
    /// <returns>What there is, or null where the engine does not tell: then a worker knows none of them by name.</returns>
    public static ClonedTypes? VisibleTypes(Runspace runspace)
    {
        object? scope = EngineReflection.Member(EngineReflection.SessionState(runspace), "CurrentScope");
        if (EngineReflection.Member(scope, "TypeResolutionState") is not { } resolution)
        {
            return null;
        }

        Dictionary<string, Type> types = new(StringComparer.OrdinalIgnoreCase);
        for (; scope is not null; scope = EngineReflection.Member(scope, "Parent"))
        {
            foreach ((string name, Type type) in EngineReflection.Member(scope, "TypeTable") as IDictionary<string, Type> ?? new Dictionary<string, Type>())
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
        object? scope = EngineReflection.Member(EngineReflection.SessionState(runspace), "GlobalScope");
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

    private static List<string> FindMissing()
    {
        MissingMembers missing = new();
        missing.AddIf(_defaultSession is null, "ScriptBlockMemberMethodWrapper._defaultSessionStateToUse");
        missing.AddUnlessHas("SessionStateInternal", "CurrentScope");
        missing.AddUnlessHas("SessionStateInternal", "GlobalScope");
        missing.AddUnlessHas("SessionStateScope", "TypeTable");
        missing.AddUnlessHas("SessionStateScope", "AddType");
        missing.AddUnlessHas("SessionStateScope", "TypeResolutionState");
        return missing.Names;
    }
}
