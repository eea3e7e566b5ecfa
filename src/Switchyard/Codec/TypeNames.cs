using System.Collections.Concurrent;
using System.Reflection;

namespace Switchyard.Codec;

/// <summary>
/// Names types so that another process finds them, and finds those that were named there. A type that was made in memory, such as a
/// class of a script, has no name that means anything elsewhere; an enumeration's name then tells all of it.
/// </summary>
internal static class TypeNames
{
    // Types by names and names by types never change: a cache, and nothing that one batch could see of another.
    private static readonly ConcurrentDictionary<Type, string?> _names = new();
    private static readonly ConcurrentDictionary<string, Type?> _types = new(StringComparer.Ordinal);

    /// <summary>Names a type.</summary>
    /// <returns>Its name; null if it cannot be found elsewhere.</returns>
    public static string? NameOf(Type type) => _names.GetOrAdd(type, static type => HasHome(type) ? type.AssemblyQualifiedName : type.IsEnum ? NameOfEnum(type) : null);

    /// <summary>Finds a type.</summary>
    /// <returns>The type; null if there is none here.</returns>
    public static Type? Find(string name)
    {
        if (_types.TryGetValue(name, out Type? known))
        {
            return known;
        }

        Type? type = Resolve(name);
        if (type is not null)
        {
            _types[name] = type;
        }

        return type;
    }

    /// <summary>Finds an enumeration of those that are loaded.</summary>
    /// <returns>The enumeration; null if there is none here.</returns>
    public static Type? FindEnum(string fullName)
    {
        if (!_types.TryGetValue(fullName, out Type? type))
        {
            type = Array.ConvertAll(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.IsDynamic ? null : assembly.GetType(fullName)).FirstOrDefault(found => found is { IsEnum: true });
            if (type is not null)
            {
                _types[fullName] = type;
            }
        }

        return type;
    }

    // Comes back as what it was.
    private static string NameOfEnum(Type type)
    {
        string name = EnumShapes.NameOf(type);
        if (type.Assembly.GetName().Name != EnumShapes.AssemblyName)
        {
            _types[name] = type;
        }

        return name;
    }

    private static bool HasHome(Type type) =>
        !type.Assembly.IsDynamic
        && type.Assembly.Location.Length > 0
        && type.GenericTypeArguments.All(HasHome)
        && (type.GetElementType() is not { } element || HasHome(element));

    private static Type? Resolve(string name)
    {
        try
        {
            // Only among what is loaded: a name that was sent is no reason to load anything.
            return EnumShapes.Make(name) ?? Type.GetType(name, Loaded, (assembly, type, ignoreCase) => assembly?.GetType(type, false, ignoreCase) ?? Type.GetType(type), false);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or BadImageFormatException or TypeLoadException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static Assembly? Loaded(AssemblyName name) =>
        Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == name.Name)
        ?? (IsOfFramework(name) ? Assembly.Load(name) : null);

    // Part of the runtime or of the engine, and loaded when first used.
    private static bool IsOfFramework(AssemblyName name) =>
        name.Name is { } simple && (simple.StartsWith("System.", StringComparison.Ordinal) || simple.StartsWith("Microsoft.PowerShell.", StringComparison.Ordinal) || simple is "System" or "netstandard" or "mscorlib");
}
