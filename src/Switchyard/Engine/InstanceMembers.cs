using System.Collections.Concurrent;
using System.Management.Automation;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>
/// What was added to an object itself, and not to all of its type: the engine keeps it where only reflection finds out, fast enough,
/// that there is nothing. Apart from the others, as only what travels to other processes pays for it.
/// </summary>
internal static class InstanceMembers
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly Probe? _members = Probe.Bind("HasInstanceMembers");
    private static readonly Probe? _typeNames = Probe.Bind("HasInstanceTypeName");
    private static readonly Func<PSObject, IEnumerable<PSMemberInfo>>? _list = BindList();

    private static readonly Attacher? _attach = Attacher.Bind();

    // Names that the engine knows to be names of such members. It never forgets one, and so need we not.
    private static readonly ConcurrentDictionary<string, bool> _announced = new(StringComparer.OrdinalIgnoreCase);

    private delegate bool Has<T>(object value, out T found);

    /// <summary>Names of the members that this engine lacks.</summary>
    public static IEnumerable<string> Missing
    {
        get
        {
            if (_members is null)
            {
                yield return "PSObject.HasInstanceMembers";
            }

            if (_typeNames is null)
            {
                yield return "PSObject.HasInstanceTypeName";
            }

            if (_list is null)
            {
                yield return "PSObject.InstanceMembers";
            }

            if (_attach is null)
            {
                yield return "PSObject.InstanceMembers (set)";
            }
        }
    }

    /// <summary>The members.</summary>
    /// <param name="value">The object, in its wrapper.</param>
    /// <returns>The members; null if there are none.</returns>
    public static IEnumerable<PSMemberInfo>? Of(PSObject value)
    {
        if (_members is null || _list is null)
        {
            return value.Properties.Where(property => property.IsInstance);
        }

        return _members.IsTrueOf(value) ? _list(value) : null;
    }

    /// <summary>Whether an object was given type names of its own.</summary>
    /// <param name="value">The object, in its wrapper.</param>
    /// <returns>True if so.</returns>
    public static bool HasTypeNames(PSObject value) => _typeNames?.IsTrueOf(value) ?? value.BaseObject is PSCustomObject;

    /// <summary>
    /// Lets the engine know that objects may have a member of their own of this name: until it does, code that it has compiled looks only
    /// at the object inside.
    /// </summary>
    /// <param name="name">The name.</param>
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
    /// <param name="value">The wrapper, which has none yet.</param>
    /// <param name="members">The members.</param>
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

    /// <summary>Whether a member is how the engine keeps what it knows of an object: it gives an object some when it is looked at.</summary>
    /// <param name="member">One of an object's own members.</param>
    /// <returns>True if so: then it is no part of the object.</returns>
    public static bool IsOfEngine(PSMemberInfo member) => member is PSMemberSet or PSCodeProperty { Name: "pstypenames" };

    /// <summary>Begins to give a new custom object its properties, which nothing but the object itself has to know.</summary>
    /// <param name="value">The object, which has none yet.</param>
    /// <returns>Takes the properties; null where only the engine's way serves.</returns>
    public static PSMemberInfoCollection<PSMemberInfo>? BeginCustomObject(PSObject value) => _attach?.To(value);

    private static Func<PSObject, IEnumerable<PSMemberInfo>>? BindList() => typeof(PSObject)
        .GetProperty("InstanceMembers", Instance)
        ?.GetGetMethod(nonPublic: true)
        ?.CreateDelegate(typeof(Func<PSObject, IEnumerable<PSMemberInfo>>)) as Func<PSObject, IEnumerable<PSMemberInfo>>;

    /// <summary>A static method of the engine's that says whether an object has something, and hands out what.</summary>
    private abstract class Probe
    {
        /// <summary>Finds the method.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>The probe; null if there is no such method.</returns>
        public static Probe? Bind(string name)
        {
            MethodInfo? method = typeof(PSObject).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic);
            return method?.GetParameters() is [{ } value, { IsOut: true } found] && value.ParameterType == typeof(object)
                ? (Probe?)Activator.CreateInstance(typeof(Probe<>).MakeGenericType(found.ParameterType.GetElementType()!), method)
                : null;
        }

        /// <summary>Asks.</summary>
        /// <param name="value">The object.</param>
        /// <returns>The answer.</returns>
        public abstract bool IsTrueOf(object value);
    }

    /// <summary>Makes the collection in which the engine keeps an object's members, and sets it.</summary>
    private abstract class Attacher
    {
        public static Attacher? Bind()
        {
            PropertyInfo? property = typeof(PSObject).GetProperty("InstanceMembers", Instance);
            return property?.GetSetMethod(nonPublic: true) is { } setter
                && typeof(PSMemberInfoCollection<PSMemberInfo>).IsAssignableFrom(property.PropertyType)
                && property.PropertyType.GetConstructor(Instance | BindingFlags.Public, []) is not null
                    ? (Attacher?)Activator.CreateInstance(typeof(Attacher<>).MakeGenericType(property.PropertyType), setter)
                    : null;
        }

        public abstract PSMemberInfoCollection<PSMemberInfo> To(PSObject value);
    }

    private sealed class Attacher<T>(MethodInfo setter) : Attacher
        where T : PSMemberInfoCollection<PSMemberInfo>
    {
        private readonly Action<PSObject, T> _set = setter.CreateDelegate<Action<PSObject, T>>();

        public override PSMemberInfoCollection<PSMemberInfo> To(PSObject value)
        {
            T members = (T)Activator.CreateInstance(typeof(T), nonPublic: true)!;
            _set(value, members);
            return members;
        }
    }

    private sealed class Probe<T>(MethodInfo method) : Probe
    {
        private readonly Has<T> _has = method.CreateDelegate<Has<T>>();

        public override bool IsTrueOf(object value) => _has(value, out _);
    }
}
