using System.Net;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>What is not sent as a live object goes as it would to a remote session, and arrives as its properties.</summary>
internal static class CliXml
{
    // As deep as Export-Clixml goes.
    private const int Depth = 2;
    private const string EnumName = InstanceMembers.DeserializedPrefix + "System.Enum";

    /// <summary>
    /// Whether an object by itself goes as CLIXML. Looks at its type alone; of what can be enumerated, perhaps only once, it does not say so.
    /// </summary>
    public static bool IsUsedFor(object value) =>
        value is not (PSCustomObject or IConvertible or IFormattable or IEnumerable or Version or FileInfo or DirectoryInfo or Uri or IPAddress or CultureInfo
            or Regex or PSDriveInfo or ProviderInfo or SwitchParameter or IWireObject or PSCredential or SecureString or Type
            or ErrorRecord or InformationRecord or InformationalRecord or ProgressRecord)
        && value.GetType() != EngineMembers.SemanticVersion.Info
        && !LiveTypes.Contain(value.GetType());

    public static void Write(WireWriter writer, object value)
    {
        ScalarWriter.WriteTag(writer, ValueTag.CliXml);
        writer.WriteString(PSSerializer.Serialize(value, Depth));
    }

    public static object? Read(WireReader reader)
    {
        object? value = PSSerializer.Deserialize(reader.ReadText());
        ReviveProperties(value, Depth);

        // What stands for itself is not to be taken for an object that has only properties.
        return value is PSObject { BaseObject: not PSCustomObject } wrapper && InstanceMembers.Of(wrapper) is null && !HasNames(wrapper)
            ? wrapper.BaseObject
            : value;
    }

    // A value of an enumeration is a number that a script cannot compare with its name: as deep as a remote session reads, it is a text there.
    private static void ReviveProperties(object? value, int depth)
    {
        if (depth == 0 || value is not PSObject wrapper || !InstanceMembers.IsDeserialized(wrapper))
        {
            return;
        }

        if (wrapper.BaseObject is IList list)
        {
            for (int i = 0; i < list.Count; i++)
            {
                list[i] = Revive(list[i], depth - 1);
            }
        }
        else if (wrapper.BaseObject is IDictionary dictionary)
        {
            foreach (object key in dictionary.Keys.Cast<object>().ToArray())
            {
                dictionary[key] = Revive(dictionary[key], depth - 1);
            }
        }

        foreach (PSPropertyInfo property in wrapper.Properties)
        {
            if (property is PSProperty or PSNoteProperty && property.IsInstance && property.Value is PSObject inner && Revive(inner, depth - 1) is var revived && revived != inner)
            {
                property.Value = revived;
            }
        }
    }

    private static object? Revive(object? value, int depth)
    {
        if (value is PSObject { BaseObject: ValueType number } wrapper && wrapper.TypeNames.Contains(EnumName))
        {
            return TypeNames.FindEnum(wrapper.TypeNames[0][InstanceMembers.DeserializedPrefix.Length..]) is { } type ? Enum.ToObject(type, number) : wrapper.ToString();
        }

        ReviveProperties(value, depth);
        return value;
    }

    // Those of an enumeration's value tell what the number is.
    private static bool HasNames(PSObject wrapper) =>
        wrapper.TypeNames.Any(name => name.StartsWith(InstanceMembers.DeserializedPrefix, StringComparison.OrdinalIgnoreCase));
}
