using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using Switchyard.Codec;
using Switchyard.Codec.Containers;
using Switchyard.Codec.Providers;
using Switchyard.Engine;

namespace Switchyard.Choosing.Values;

/// <summary>Looks at values for how they would fare in another process: by their types, and what can hold anything by what it holds.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class ValueTraits
{
    private const int MaxDepth = 20;
    private const Traits PlainList = Traits.Arrives | Traits.HasPlainParts | Traits.IsList;

    private static readonly HashSet<Type> _plain =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Guid),
        typeof(Version), typeof(Uri), typeof(BigInteger), typeof(IPAddress), typeof(Regex), typeof(SwitchParameter), typeof(DBNull),
    ];

    private readonly Dictionary<Type, Traits?> _ofTypes = [];
    private readonly SessionTypeData? _typeData = SessionTypeData.OfRunningSession(null);
    private int _left;

    /// <summary>Looks at a value, and at no more than so many that it holds: of what has more it is taken that it does not arrive.</summary>
    public Traits Of(object? value, int limit)
    {
        _left = limit;
        return Look(value, 0);
    }

    private Traits Look(object? value, int depth)
    {
        if (value is null or string or int or double or long or bool)
        {
            return Traits.Plain;
        }

        if (--_left < 0 || depth > MaxDepth)
        {
            return Traits.None;
        }

        if (value is PSObject wrapper)
        {
            return LookAtWrapper(wrapper, depth);
        }

        Type type = value.GetType();
        if (!_ofTypes.TryGetValue(type, out Traits? known))
        {
            _ofTypes[type] = known = OfType(value, type);
        }

        return !type.IsPrimitive && _typeData?.IsOf(value) == true ? Traits.None
            : value is not ValueType && InstanceMembers.AreOf(value) ? LookAtWrapper(PSObject.AsPSObject(value), depth)
            : known ?? LookInto(value, depth);
    }

    // What the caller has added to it goes along if it is a value, and not if it is code.
    private Traits LookAtWrapper(PSObject wrapper, int depth)
    {
        object bare = wrapper.BaseObject;
        Traits traits = Traits.Arrives | Traits.HasPlainParts;
        if (bare is not PSCustomObject)
        {
            Type type = bare.GetType();
            if (!_ofTypes.TryGetValue(type, out Traits? known))
            {
                _ofTypes[type] = known = OfType(bare, type);
            }

            traits = !type.IsPrimitive && _typeData?.IsOf(bare) == true ? Traits.None : known ?? LookInto(bare, depth);
        }
        else if (_typeData?.PropertiesOf(wrapper, bare).Length > 0)
        {
            return Traits.None;
        }

        if (InstanceMembers.TableOf(wrapper) is { } table)
        {
            // Locked, as the engine does it.
            lock (table)
            {
                return LookAtMembers(table.Values.Cast<PSMemberInfo>(), traits, depth);
            }
        }

        return traits != Traits.None && InstanceMembers.Of(wrapper) is { } members ? LookAtMembers(members, traits, depth) : traits;
    }

    private Traits LookAtMembers(IEnumerable<PSMemberInfo> members, Traits traits, int depth)
    {
        foreach (PSMemberInfo member in members)
        {
            if (member is PSNoteProperty note)
            {
                traits = Holding(traits, note is ProviderNote || PSObjects.Unwrap(note.Value) is PSDriveInfo or ProviderInfo ? Traits.Plain : Look(note.Value, depth + 1));
            }
            else if (!InstanceMembers.IsOfEngine(member))
            {
                return Traits.None;
            }

            if (traits == Traits.None)
            {
                break;
            }
        }

        return traits;
    }

    private Traits LookInto(object value, int depth)
    {
        if (value is ErrorRecord error)
        {
            return ErrorTraits.Arrives(error.Exception) && Look(error.TargetObject, depth + 1) != Traits.None ? Traits.Arrives : Traits.None;
        }

        if (value is CultureInfo culture)
        {
            return culture.IsReadOnly ? Traits.Plain : Traits.Arrives;
        }

        if (value is Type type)
        {
            return HasHome(type) ? Traits.Plain : Traits.None;
        }

        if (CollectionKinds.IsForeign(value) || (value is not (Array or IDictionary or ArrayList) && !Comparers.CanWrite(CollectionKinds.ComparerOf(value))))
        {
            return Traits.None;
        }

        Traits traits = Traits.Arrives | Traits.HasPlainParts | (value is IDictionary ? Traits.None : Traits.IsList) | (value is Hashtable { Count: > 1 } ? Traits.HasTable : Traits.None);
        IEnumerable elements = (IEnumerable)value;
        if (value is IDictionary dictionary)
        {
            foreach (object key in dictionary.Keys)
            {
                traits = Holding(traits, Look(key, depth + 1));
            }

            elements = dictionary.Values;
        }

        foreach (object? element in elements)
        {
            traits = Holding(traits, Look(element, depth + 1));
            if (traits == Traits.None)
            {
                break;
            }
        }

        return traits;
    }

    private static Traits Holding(Traits holder, Traits held) =>
        holder == Traits.None || held == Traits.None ? Traits.None : held == Traits.Plain ? holder : (holder & ~Traits.HasPlainParts) | (held & Traits.HasTable);

    // Null where that is for the value to say.
    private static Traits? OfType(object value, Type type) =>
        value is IWireObject || IsPlain(type) ? Traits.Plain
        : value is FileInfo or DirectoryInfo ? LiveTypes.Contain(type) ? Traits.Arrives | Traits.HasPlainParts : Traits.None
        : value is PSDriveInfo or ProviderInfo ? Traits.Plain
        : value is PSCredential ? Traits.Arrives | Traits.IsPlain
        : value is ErrorRecord or CultureInfo or Type ? null
        : value is not IEnumerable || !LiveTypes.Contain(type) || !HasHome(type) ? Traits.None
        : value is Array && IsPlain(type.GetElementType()!) ? PlainList
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>) && IsPlain(type.GenericTypeArguments[0]) ? PlainList
        : null;

    private static bool IsPlain(Type type) =>
        (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)) || _plain.Contains(type) || (type.IsEnum && HasHome(type))
        || type == EngineMembers.SemanticVersion.Info || (Nullable.GetUnderlyingType(type) is { } value && IsPlain(value));

    /// <summary>Whether another process has a type of this name, too.</summary>
    public static bool HasHome(Type type) =>
        !type.Assembly.IsDynamic && type.Assembly.Location.Length > 0 && type.GenericTypeArguments.All(HasHome)
        && (type.GetElementType() is not { } element || HasHome(element));
}
