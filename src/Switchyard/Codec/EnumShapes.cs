using System.Reflection;
using System.Reflection.Emit;

namespace Switchyard.Codec;

/// <summary>
/// Enumerations of scripts on their way: a type that was made in memory is nowhere else, but all that an enumeration is can be told by its name
/// and its values' names. The other process makes one like it, so that a value has its text and its number there, too.
/// </summary>
internal static class EnumShapes
{
    /// <summary>The engine does not look for types that scripts name in assemblies that are called so.</summary>
    public const string AssemblyName = "PowerShell Class Assembly of Switchyard enumerations";

    private const string Mark = "enum ";
    private const char Between = '\n';

    /// <summary>Tells all of an enumeration.</summary>
    public static string NameOf(Type type)
    {
        StringBuilder shape = new StringBuilder(Mark).Append(type.FullName);
        shape.Append(Between).Append(Type.GetTypeCode(type)).Append(Between).Append(type.IsDefined(typeof(FlagsAttribute), inherit: false) ? 1 : 0);
        foreach (FieldInfo field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            shape.Append(Between).Append(field.Name).Append('=').Append(Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture));
        }

        return shape.ToString();
    }

    /// <summary>Makes an enumeration that was told.</summary>
    /// <returns>The enumeration; null if the name tells none.</returns>
    public static Type? Make(string name)
    {
        if (!name.StartsWith(Mark, StringComparison.Ordinal) || name.Split(Between) is not [string full, string code, string isFlags, .. string[] members]
            || !Enum.TryParse(code, out TypeCode kind) || kind is < TypeCode.SByte or > TypeCode.UInt64)
        {
            return null;
        }

        Type number = Type.GetType("System." + kind)!;
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(AssemblyName), AssemblyBuilderAccess.RunAndCollect);
        EnumBuilder builder = assembly.DefineDynamicModule(AssemblyName).DefineEnum(full[Mark.Length..], TypeAttributes.Public, number);
        if (isFlags == "1")
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(typeof(FlagsAttribute).GetConstructor([])!, []));
        }

        foreach (string member in members)
        {
            int at = member.IndexOf('=', StringComparison.Ordinal);
            builder.DefineLiteral(member[..at], Convert.ChangeType(member[(at + 1)..], number, CultureInfo.InvariantCulture));
        }

        return builder.CreateTypeInfo();
    }
}
