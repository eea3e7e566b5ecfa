using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Reflection;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>The objects that say that there is no value. Each is the only one of its kind, and is compared by that.</summary>
internal static class Nothings
{
    private static readonly object[] _all = [DBNull.Value, AutomationNull.Value, NullString.Value, Missing.Value];

    /// <summary>Writes one of them.</summary>
    /// <returns>False if it is none, and nothing was written.</returns>
    public static bool TryWrite(WireWriter writer, object value)
    {
        if (Array.FindIndex(_all, each => ReferenceEquals(each, value)) is var number && number < 0)
        {
            return false;
        }

        ScalarWriter.WriteTag(writer, ValueTag.Nothing);
        writer.WriteByte((byte)number);
        return true;
    }

    public static object Read(WireReader reader) => reader.ReadByte() is var number && number < _all.Length ? _all[number] : throw ValueReader.Unknown();
}
