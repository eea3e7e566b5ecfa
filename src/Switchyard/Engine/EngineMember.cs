using System.Reflection;

namespace Switchyard.Engine;

/// <summary>A member that is reached by reflection, as <see cref="EngineMembers"/> lists it.</summary>
internal abstract class EngineMember(string type, string name)
{
    public string Name { get; } = name;

    /// <summary>The name by which it is listed as missing, and can be hidden.</summary>
    public string FullName { get; } = type.Length > 0 ? $"{type}.{name}" : name;

    public abstract bool IsMissing { get; }

    /// <summary>Whether a list of names to hide has this one, with or without its type, or <c>*</c> for all.</summary>
    protected bool IsAmong(IReadOnlySet<string> hidden) => hidden.Contains("*") || hidden.Contains(Name) || hidden.Contains(FullName);
}

internal sealed class EngineMember<T> : EngineMember
    where T : MemberInfo
{
    // Looked for when first needed: a module that is only imported needs none of them.
    private readonly Lazy<T?> _info;

    public EngineMember(string type, string name, IReadOnlySet<string> hidden, Func<T?> find)
        : base(type, name) =>
        _info = new Lazy<T?>(IsAmong(hidden) ? () => null : () => Find(find), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The member; null if it is missing.</summary>
    public T? Info => _info.Value;

    /// <summary>The member, for bindings that are of no use without it.</summary>
    /// <exception cref="MissingMemberException">It is missing.</exception>
    public T Required => Info ?? throw new MissingMemberException(FullName);

    public override bool IsMissing => Info is null;

    /// <summary>Reads a property or field.</summary>
    /// <param name="owner">Of which object; null for a static one.</param>
    /// <returns>The value; null if there is no such member or the owner is of another type.</returns>
    public object? Get(object? owner = null) => Info switch
    {
        PropertyInfo property when Fits(property.GetMethod, owner) => property.GetValue(owner),
        FieldInfo field when field.IsStatic || field.DeclaringType!.IsInstanceOfType(owner) => field.GetValue(owner),
        _ => null,
    };

    /// <summary>Sets a property or field.</summary>
    /// <returns>False if there is no such member, or the owner is of another type.</returns>
    public bool TrySet(object owner, object? value)
    {
        switch (Info)
        {
            case PropertyInfo property when Fits(property.SetMethod, owner):
                property.SetValue(owner, value);
                return true;
            case FieldInfo field when field.DeclaringType!.IsInstanceOfType(owner):
                field.SetValue(owner, value);
                return true;
            default:
                return false;
        }
    }

    private static bool Fits(MethodInfo? accessor, object? owner) =>
        accessor is not null && (accessor.IsStatic || accessor.DeclaringType!.IsInstanceOfType(owner));

    private static T? Find(Func<T?> find)
    {
        try
        {
            return find();
        }
        catch (AmbiguousMatchException)
        {
            // Which of several another version means is not known.
            return null;
        }
    }
}
