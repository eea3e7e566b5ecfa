using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Linq.Expressions;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>
/// What was added to an object itself, and not to all of its type: the engine keeps it where only reflection finds out, fast enough,
/// that there is nothing. Apart from the others, as only what travels to other processes pays for it.
/// </summary>
internal static class InstanceMembers
{
    public const string DeserializedPrefix = "Deserialized.";

    private static readonly Probe? _members = Probe.Bind(EngineMembers.HasMembers);
    private static readonly Probe? _typeNames = Probe.Bind(EngineMembers.HasTypeName);
    private static readonly Func<PSObject, IEnumerable<PSMemberInfo>>? _list =
        EngineMembers.TryBind(() => EngineMembers.OwnMembers.Required.GetMethod!.CreateDelegate<Func<PSObject, IEnumerable<PSMemberInfo>>>());

    private static readonly Func<PSObject, bool>? _isDeserialized =
        EngineMembers.TryBind(() => EngineMembers.ObjectIsDeserialized.Required.GetMethod!.CreateDelegate<Func<PSObject, bool>>());

    private static readonly Func<PSObject, OrderedDictionary?>? _table = EngineMembers.TryBind(BindTable);

    private static readonly Attacher? _attach = EngineMembers.TryBind(Attacher.Bind);

    // Names that the engine knows to be names of such members. It never forgets one, and so need we not.
    private static readonly ConcurrentDictionary<string, bool> _announced = new(StringComparer.OrdinalIgnoreCase);

    private delegate bool Has<T>(object value, out T found);

    /// <summary>Whether all of the engine's own ways are used.</summary>
    public static bool IsBound => _members is not null && _typeNames is not null && _list is not null && _isDeserialized is not null && _attach is not null;

    /// <returns>The members; null if there are none.</returns>
    public static IEnumerable<PSMemberInfo>? Of(PSObject value)
    {
        if (_members is null || _list is null)
        {
            // By their kinds: what comes from the object's type in .NET says that it is its own, too.
            PSMemberInfo[] own =
            [
                .. value.Members.Where(member => member.IsInstance
                    && !IsOfEngine(member)
                    && member is PSNoteProperty or PSAliasProperty or PSScriptProperty or PSCodeProperty or PSScriptMethod or PSCodeMethod or PSPropertySet),
            ];
            return own.Length > 0 ? own : null;
        }

        return _members.IsTrueOf(value) ? _list(value) : null;
    }

    /// <summary>The table of a custom object's members, which is locked while it is read: without the copy of them that <see cref="Of"/> makes.</summary>
    /// <returns>The table; null if there is none, or only <see cref="Of"/> tells.</returns>
    public static OrderedDictionary? TableOf(PSObject custom) => _table?.Invoke(custom);

    /// <summary>Whether an object that has no wrapper was given members or type names: the engine finds them again for the next wrapper.</summary>
    public static bool AreOf(object bare) => _members is null || _typeNames is null
        ? Of(PSObject.AsPSObject(bare)) is not null || HasTypeNames(PSObject.AsPSObject(bare))
        : _members.IsTrueOf(bare) || _typeNames.IsTrueOf(bare);

    /// <summary>Whether an object was given type names that are not those of its type in .NET.</summary>
    public static bool HasTypeNames(PSObject value)
    {
        if (_typeNames?.IsTrueOf(value) == false)
        {
            return false;
        }

        // The engine keeps those that were only looked at, too.
        Type? type = value.BaseObject.GetType();
        foreach (string name in value.TypeNames)
        {
            if (type is null || name != type.FullName)
            {
                return true;
            }

            type = type.BaseType;
        }

        return type is not null;
    }

    /// <summary>The type names that an object has where it can only be told what it was.</summary>
    public static Collection<string> DeserializedNames(PSObject value)
    {
        Collection<string> names = [];
        if (HasTypeNames(value) || IsDeserialized(value))
        {
            foreach (string name in value.TypeNames)
            {
                names.Add(name.StartsWith(DeserializedPrefix, StringComparison.OrdinalIgnoreCase) ? name : DeserializedPrefix + name);
            }

            return names;
        }

        for (Type? type = value.BaseObject.GetType(); type is not null; type = type.BaseType)
        {
            names.Add(DeserializedPrefix + type.FullName);
        }

        return names;
    }

    /// <summary>Whether an object stands for one of another session, of which it has the properties.</summary>
    public static bool IsDeserialized(PSObject value) => _isDeserialized?.Invoke(value)
        ?? value.TypeNames.Any(name => name.StartsWith(DeserializedPrefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Lets the engine know that objects may have a member of their own of this name: until it does, code that it has compiled sees only
    /// the object inside.
    /// </summary>
    public static void Announce(string name)
    {
        if (_announced.TryAdd(name, true))
        {
            new PSObject(new object()).Properties.Add(new PSNoteProperty(name, null));
        }
    }

    /// <summary>
    /// Gives a new wrapper members of its own. The engine's way also notes them for the object inside, should that get another wrapper one
    /// day; that note costs more than all else that is done with an item. Without this, it is the engine's way.
    /// </summary>
    public static void Attach(PSObject value, params ReadOnlySpan<PSPropertyInfo> members)
    {
        if (_attach is not null)
        {
            PSMemberInfoCollection<PSMemberInfo> collection = _attach.To(value);
            foreach (PSPropertyInfo member in members)
            {
                collection.Add(member, preValidated: true);
            }

            return;
        }

        foreach (PSPropertyInfo member in members)
        {
            value.Properties.Add(member, preValidated: true);
        }
    }

    /// <summary>The object inside a wrapper, for where there is no room for the wrapper: what it has of its own then goes with the object.</summary>
    public static object Bare(PSObject wrapper)
    {
        object value = wrapper.BaseObject;
        if (value is not (string or ValueType or PSCustomObject) && Of(wrapper) is { } members && !AreOf(value))
        {
            PSObject next = PSObject.AsPSObject(value);
            PSMemberInfoCollection<PSMemberInfo> own = _list?.Invoke(next) as PSMemberInfoCollection<PSMemberInfo> ?? next.Members;
            foreach (PSMemberInfo member in members)
            {
                if (member is PSNoteProperty)
                {
                    own.Add(member.Copy(), preValidated: true);
                }
            }
        }

        return value;
    }

    /// <summary>Whether a member is how the engine keeps what it knows of an object, and no part of it: it gives an object some when it is read.</summary>
    public static bool IsOfEngine(PSMemberInfo member) => member is PSMemberSet or PSCodeProperty { Name: "pstypenames" };

    /// <summary>Begins to give a new custom object its properties, of which nothing but the object itself has to know.</summary>
    /// <returns>Takes the properties; null where only the engine's way serves.</returns>
    public static PSMemberInfoCollection<PSMemberInfo>? BeginCustomObject(PSObject value) => _attach?.To(value);

    private static Func<PSObject, OrderedDictionary?> BindTable()
    {
        FieldInfo table = EngineMembers.MemberTable.Required;
        ParameterExpression value = Expression.Parameter(typeof(PSObject));
        ParameterExpression members = Expression.Variable(table.DeclaringType!);
        return Expression.Lambda<Func<PSObject, OrderedDictionary?>>(
            Expression.Block(
                [members],
                Expression.Assign(members, Expression.TypeAs(Expression.Field(value, EngineMembers.ObjectMembers.Required), table.DeclaringType!)),
                Expression.Condition(
                    Expression.ReferenceEqual(members, Expression.Constant(null)),
                    Expression.Constant(null, typeof(OrderedDictionary)),
                    Expression.Field(members, table))),
            value).Compile();
    }

    /// <summary>A static method of the engine's that says whether an object has something, and hands out what.</summary>
    private abstract class Probe
    {
        public static Probe? Bind(EngineMember<MethodInfo> member) =>
            member.Info is { } method && method.GetParameters() is [{ } value, { IsOut: true } found] && value.ParameterType == typeof(object)
                ? (Probe?)Activator.CreateInstance(typeof(Probe<>).MakeGenericType(found.ParameterType.GetElementType()!), method)
                : null;

        public abstract bool IsTrueOf(object value);
    }

    private sealed class Probe<T>(MethodInfo method) : Probe
    {
        private readonly Has<T> _has = method.CreateDelegate<Has<T>>();

        public override bool IsTrueOf(object value) => _has(value, out _);
    }

    /// <summary>Makes the collection in which the engine keeps an object's members, and sets it.</summary>
    private abstract class Attacher
    {
        public static Attacher Bind()
        {
            MethodInfo setter = EngineMembers.OwnMembers.Required.SetMethod!;
            Type collection = EngineMembers.NewMemberCollection.Required.DeclaringType!.MakeGenericType(typeof(PSMemberInfo));
            return (Attacher)Activator.CreateInstance(typeof(Attacher<>).MakeGenericType(collection), setter)!;
        }

        public abstract PSMemberInfoCollection<PSMemberInfo> To(PSObject value);
    }

    private sealed class Attacher<T>(MethodInfo setter) : Attacher
        where T : PSMemberInfoCollection<PSMemberInfo>
    {
        private readonly Action<PSObject, T> _set = setter.CreateDelegate<Action<PSObject, T>>();

        public override PSMemberInfoCollection<PSMemberInfo> To(PSObject value)
        {
            T members = EngineMembers.MakeMemberCollection<T>();
            _set(value, members);
            return members;
        }
    }
}
