using System.Reflection;
using System.Runtime.CompilerServices;
using Switchyard.Engine;

namespace Switchyard.Sharing;

/// <summary>Tells by their types which objects may hold something of a session: nearly none, and those are not looked into.</summary>
internal sealed class SessionObjectTypes
{
    // What the engine groups by; there is no such type to compile against.
    private const string Group = "Microsoft.PowerShell.Commands.GroupInfo";

    private readonly Dictionary<Type, SessionObjectKind> _kinds = new()
    {
        [typeof(string)] = SessionObjectKind.None,
        [typeof(PSCustomObject)] = SessionObjectKind.None,
    };

    public SessionObjectKind KindOf(Type type)
    {
        if (!_kinds.TryGetValue(type, out SessionObjectKind kind))
        {
            // A type that holds itself would ask for itself.
            _kinds[type] = SessionObjectKind.None;
            _kinds[type] = kind = Find(type);
        }

        return kind;
    }

    /// <summary>The property that holds the value or values of a holder.</summary>
    public static PropertyInfo? HeldBy(Type type) => type.GetProperty(type.FullName == Group ? "Group" : "Value", BindingFlags.Instance | BindingFlags.Public);

    private SessionObjectKind Find(Type type) => type switch
    {
        { IsPrimitive: true } or { IsEnum: true } or { IsPointer: true } => SessionObjectKind.None,
        { IsArray: true } => MayHold(type.GetElementType()!) ? (type.IsSZArray ? SessionObjectKind.List : SessionObjectKind.Sequence) : SessionObjectKind.None,
        _ when Is(type, typeof(ScriptBlock), typeof(FunctionInfo), typeof(AliasInfo), typeof(PSModuleInfo), typeof(Delegate)) => SessionObjectKind.Code,
        _ when Is(type, typeof(Type)) => SessionObjectKind.Type,
        _ when Is(type, typeof(PSVariable), typeof(PSReference)) || type == typeof(DictionaryEntry) || type.FullName == Group => SessionObjectKind.Holder,
        _ when ScriptClass.Of(type) is not null => SessionObjectKind.Instance,
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>) => SessionObjectKind.Holder,
        _ when Is(type, typeof(ITuple)) => SessionObjectKind.Tuple,
        _ => FindCollection(type),
    };

    /// <summary>How a collection is gone through, if it is one of .NET's own: what another does when it is read is not known.</summary>
    public SessionObjectKind FindCollection(Type type)
    {
        Type? known = type;
        while (known is not null && known.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) != true)
        {
            known = known.BaseType;
        }

        return known is null || (known.IsGenericType && !known.GenericTypeArguments.Any(MayHold)) ? SessionObjectKind.None
            : Is(type, typeof(IDictionary)) ? SessionObjectKind.Dictionary
            : Is(type, typeof(IList)) ? SessionObjectKind.List
            : Is(type, typeof(ICollection)) || known.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(ICollection<>)) ? SessionObjectKind.Sequence
            : SessionObjectKind.None;
    }

    private bool MayHold(Type type) => (!type.IsSealed && !type.IsValueType) || type == typeof(PSObject) || KindOf(type) != SessionObjectKind.None;

    private static bool Is(Type type, params ReadOnlySpan<Type> bases)
    {
        foreach (Type one in bases)
        {
            if (one.IsAssignableFrom(type))
            {
                return true;
            }
        }

        return false;
    }
}
