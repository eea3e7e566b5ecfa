using System.Management.Automation.Language;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Switchyard.Engine;

/// <summary>
/// A class that was defined in PowerShell. An object of it notes the session that made it, and its methods run there whichever thread calls
/// them: from a worker's they would use a session that is busy, which gives wrong values or no end. Without that note they run where they are called.
/// </summary>
internal sealed class ScriptClass
{
    // How the engine calls what it makes of a class in a script.
    private const string ClassAssembly = "PowerShell Class Assembly";
    private const string FreeAttribute = "NoRunspaceAffinityAttribute";

    // Facts of types, which never change, for as long as the type is there.
    private static readonly ConditionalWeakTable<Type, ScriptClass> _known = [];

    private readonly Type[] _types;
    private readonly FieldInfo[] _sessions;
    private readonly bool _isFree;

    private ScriptClass(Type type)
    {
        Name = type.Name;
        _types = [.. Bases(type)];
        _sessions = [.. _types.SelectMany(EngineMembers.SessionFieldsOf)];
        _isFree = _types.All(one => one.GetCustomAttributesData().Any(data => data.AttributeType.Name == FreeAttribute));
        Fields = [.. _types.SelectMany(EngineMembers.ValueFieldsOf)];
        HasMethods = _types.Any(one => one.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Any(method => !method.IsSpecialName));
    }

    public string Name { get; }

    /// <summary>The fields behind its properties.</summary>
    public IReadOnlyList<FieldInfo> Fields { get; }

    /// <summary>Whether its objects can do anything but carry values.</summary>
    public bool HasMethods { get; }

    /// <summary>The code of its methods, without its constructors.</summary>
    public IEnumerable<Ast> Code => _types.SelectMany(EngineMembers.MethodsOf)
        .Select(method => EngineMembers.ClassMethodCode.Get(method)).OfType<FunctionMemberAst>().Where(method => !method.IsConstructor);

    /// <summary>The class of a type.</summary>
    /// <returns>The class; null if the type is none of a script's.</returns>
    public static ScriptClass? Of(Type type) =>
        IsOfScript(type) && !type.IsEnum ? _known.GetValue(type, static made => new ScriptClass(made)) : null;

    /// <summary>Whether an assembly is what the engine makes of the classes in a script.</summary>
    public static bool IsOfScript(Assembly assembly) =>
        assembly.IsDynamic && assembly.GetName().Name?.StartsWith(ClassAssembly, StringComparison.Ordinal) == true;

    /// <summary>The session that an object's methods run in; null if that is whichever calls them.</summary>
    public object? SessionOf(object instance) => _sessions.Select(field => field.GetValue(instance)).FirstOrDefault(session => session is not null);

    /// <summary>Lets an object's methods run in whichever session calls them.</summary>
    /// <returns>False if the engine does not tell how.</returns>
    public bool TryFree(object instance)
    {
        foreach (FieldInfo field in _sessions)
        {
            field.SetValue(instance, null);
        }

        return _sessions.Length > 0 || _isFree;
    }

    /// <summary>The same for static methods: those of this class, and of all that were defined with it.</summary>
    public void FreeStaticMethods()
    {
        foreach (Type type in _types.SelectMany(one => one.Assembly.GetTypes()).Distinct())
        {
            EngineTypes.FreeStaticMethods(type);
        }
    }

    private static IEnumerable<Type> Bases(Type? type)
    {
        for (; type is not null && IsOfScript(type); type = type.BaseType)
        {
            yield return type;
        }
    }

    private static bool IsOfScript(Type type) => IsOfScript(type.Assembly);
}
