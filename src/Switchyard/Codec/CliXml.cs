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

    /// <summary>
    /// Whether an object by itself goes as CLIXML. Looks at its type alone; of what can be enumerated, perhaps only once, it does not say so.
    /// </summary>
    public static bool IsUsedFor(object value) =>
        value is not (PSCustomObject or IConvertible or IFormattable or IEnumerable or Version or FileInfo or DirectoryInfo or Uri or IPAddress or CultureInfo
            or Regex or PSDriveInfo or ProviderInfo or SwitchParameter or IWireObject or PSCredential or SecureString or Type
            or ErrorRecord or InformationRecord or InformationalRecord or ProgressRecord)
        && value.GetType() != EngineMembers.SemanticVersion.Info
        && !LiveTypes.Contain(value.GetType());

    /// <summary>Makes an object what its properties say of it.</summary>
    public static string Serialize(object value) => PSSerializer.Serialize(value, Depth);

    /// <summary>Writes what was an object when it was taken down.</summary>
    public static void WriteText(WireWriter writer, string xml)
    {
        ScalarWriter.WriteTag(writer, ValueTag.CliXml);
        writer.WriteString(xml);
    }

    public static void Write(WireWriter writer, object value) => WriteText(writer, Serialize(value));

    public static object? Read(WireReader reader)
    {
        object? value = PSSerializer.Deserialize(reader.ReadText());

        // What stands for something else by itself is not to be taken for an object that has only properties.
        return value is PSObject { BaseObject: not PSCustomObject } wrapper && InstanceMembers.Of(wrapper) is null && !InstanceMembers.HasTypeNames(wrapper)
            ? wrapper.BaseObject
            : value;
    }
}
