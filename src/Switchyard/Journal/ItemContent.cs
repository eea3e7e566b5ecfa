using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using System.Xml;
using Switchyard.Core.Items;
using Switchyard.Core.Protocol;

namespace Switchyard.Journal;

/// <summary>
/// Makes an item's key of its content. Equal in PowerShell's sense is equal here where a type allows it: 1, 1L and 1.0 are one number, a
/// hashtable's keys have no order. What the engine hangs onto an object, such as the line number of a text from a file, is no content.
/// </summary>
/// <remarks>For one thread at a time. Nothing of it depends on a culture, a process or an address.</remarks>
internal sealed class ItemContent
{
    // Deeper than anybody would build an item, and an end for one that holds itself.
    private const int MaxDepth = 16;

    // Of objects that say nothing of themselves, what they hold is looked at this deep: all that hangs on a process is a lot.
    private const int MaxObjectDepth = 2;

    private const double MaxExact = 9_007_199_254_740_992;

    private readonly WireWriter _writer = new() { SendsBlobs = false };

    private enum Mark : byte
    {
        Null = 1,
        Text,
        True,
        False,
        Whole,
        BigWhole,
        Fraction,
        Exact,
        Character,
        Time,
        Duration,
        Guid,
        Simple,
        Named,
        File,
        Directory,
        Bytes,
        List,
        Dictionary,
        Custom,
        Object,
        TooDeep,
    }

    /// <summary>Makes an item's key.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The key.</returns>
    public ItemKey KeyOf(object? item)
    {
        _writer.Clear();
        Write(_writer, item, 0, 0);
        return ItemKey.Of(_writer.WrittenSpan);
    }

    private static void Begin(WireWriter writer, Mark mark) => writer.WriteByte((byte)mark);

    private static void Write(WireWriter writer, object? item, int depth, int objectDepth)
    {
        object? value = PSObjects.Unwrap(item);
        switch (value)
        {
            case null:
                Begin(writer, Mark.Null);
                break;
            case string text:
                Begin(writer, Mark.Text);
                writer.WriteString(text);
                break;
            case int number:
                WriteWhole(writer, number);
                break;
            case FileInfo file:
                Begin(writer, Mark.File);
                writer.WriteString(file.FullName);
                break;
            case DirectoryInfo directory:
                Begin(writer, Mark.Directory);
                writer.WriteString(Path.TrimEndingDirectorySeparator(directory.FullName));
                break;
            case SharedObject shared:
                // What it holds changes while nobody looks.
                Begin(writer, Mark.Named);
                writer.WriteString(shared.GetType().FullName);
                writer.WriteString(shared.Name);
                break;
            case PSObject custom:
                WriteMembers(writer, Mark.Custom, string.Empty, custom, depth, objectDepth);
                break;
            case Enum constant:
                Begin(writer, Mark.Named);
                writer.WriteString(constant.GetType().FullName);
                writer.WriteString(constant.ToString("D"));
                break;
            case IConvertible:
                WriteNumber(writer, value);
                break;
            default:
                WriteOther(writer, value, depth, objectDepth);
                break;
        }
    }

    private static void WriteNumber(WireWriter writer, object value)
    {
        switch (value)
        {
            case bool truth:
                Begin(writer, truth ? Mark.True : Mark.False);
                break;
            case char character:
                Begin(writer, Mark.Character);
                writer.WriteVariable(character);
                break;
            case sbyte or byte or short or ushort or uint or long:
                WriteWhole(writer, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                WriteBig(writer, number);
                break;
            case float number:
                WriteFraction(writer, number);
                break;
            case double number:
                WriteFraction(writer, number);
                break;
            case decimal number when number == decimal.Truncate(number):
                WriteBig(writer, new BigInteger(number));
                break;
            case decimal number:
                WriteExact(writer, number);
                break;
            case DateTime time:
                Begin(writer, Mark.Time);
                writer.WriteInt64(time.Ticks);
                writer.WriteByte((byte)time.Kind);
                break;
            default:
                WriteSimple(writer, value);
                break;
        }
    }

    private static void WriteWhole(WireWriter writer, long number)
    {
        Begin(writer, Mark.Whole);
        writer.WriteSigned(number);
    }

    private static void WriteBig(WireWriter writer, BigInteger number)
    {
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            WriteWhole(writer, (long)number);
            return;
        }

        Begin(writer, Mark.BigWhole);
        writer.WriteBytes(number.ToByteArray());
    }

    private static void WriteFraction(WireWriter writer, double number)
    {
        if (Math.Abs(number) < MaxExact && number == Math.Truncate(number))
        {
            WriteWhole(writer, (long)number);
            return;
        }

        Begin(writer, Mark.Fraction);
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number));
    }

    private static void WriteExact(WireWriter writer, decimal number)
    {
        double near = (double)number;
        if (Math.Abs(near) < MaxExact && (decimal)near == number)
        {
            WriteFraction(writer, near);
            return;
        }

        // 1.10 is 1.1: a division by one with all its zeros takes the others away.
        Begin(writer, Mark.Exact);
        writer.WriteString((number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteSimple(WireWriter writer, object value)
    {
        Begin(writer, Mark.Simple);
        writer.WriteString(value.GetType().FullName);
        writer.WriteString(value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString());
    }

    private static void WriteOther(WireWriter writer, object value, int depth, int objectDepth)
    {
        switch (value)
        {
            case BigInteger number:
                WriteBig(writer, number);
                break;
            case DateTimeOffset time:
                Begin(writer, Mark.Time);
                writer.WriteInt64(time.Ticks);
                writer.WriteSigned(time.Offset.Ticks);
                break;
            case TimeSpan time:
                Begin(writer, Mark.Duration);
                writer.WriteSigned(time.Ticks);
                break;
            case Guid id:
                Begin(writer, Mark.Guid);
                writer.WriteRaw(id.ToByteArray());
                break;
            case byte[] bytes:
                Begin(writer, Mark.Bytes);
                writer.WriteBytes(bytes);
                break;
            case Uri uri:
                Begin(writer, Mark.Named);
                writer.WriteString(typeof(Uri).FullName);
                writer.WriteString(uri.OriginalString);
                break;
            case Type type:
                Begin(writer, Mark.Named);
                writer.WriteString(typeof(Type).FullName);
                writer.WriteString(type.FullName);
                break;
            case XmlNode node:
                Begin(writer, Mark.Named);
                writer.WriteString(typeof(XmlNode).FullName);
                writer.WriteString(node.OuterXml);
                break;
            case Version or IFormattable:
                WriteSimple(writer, value);
                break;
            default:
                WriteComposed(writer, value, depth, objectDepth);
                break;
        }
    }

    private static void WriteComposed(WireWriter writer, object value, int depth, int objectDepth)
    {
        if (depth >= MaxDepth)
        {
            Begin(writer, Mark.TooDeep);
            writer.WriteString(value.GetType().FullName);
            return;
        }

        switch (value)
        {
            case IDictionary dictionary:
                WriteDictionary(writer, dictionary, depth, objectDepth);
                break;
            case IList list:
                Begin(writer, Mark.List);
                writer.WriteCount(list.Count);
                foreach (object? element in list)
                {
                    Write(writer, element, depth + 1, objectDepth);
                }

                break;
            default:
                WriteMembers(writer, Mark.Object, value.GetType().FullName!, PSObject.AsPSObject(value), depth, objectDepth + 1);
                break;
        }
    }

    private static void WriteDictionary(WireWriter writer, IDictionary dictionary, int depth, int objectDepth)
    {
        List<byte[]> entries = [];
        foreach (DictionaryEntry entry in dictionary)
        {
            WireWriter one = new() { SendsBlobs = false };

            // As hashtables of scripts find them.
            Write(one, entry.Key is string name ? name.ToUpperInvariant() : entry.Key, depth + 1, objectDepth);
            Write(one, entry.Value, depth + 1, objectDepth);
            entries.Add(one.ToArray());
        }

        WriteSorted(writer, Mark.Dictionary, string.Empty, entries);
    }

    private static void WriteMembers(WireWriter writer, Mark mark, string type, PSObject value, int depth, int objectDepth)
    {
        List<byte[]> members = [];
        if (depth < MaxDepth && objectDepth <= MaxObjectDepth)
        {
            foreach (PSPropertyInfo property in value.Properties)
            {
                if (mark == Mark.Custom || property.MemberType is PSMemberTypes.Property)
                {
                    WireWriter one = new() { SendsBlobs = false };
                    one.WriteString(property.Name.ToUpperInvariant());
                    Write(one, ValueOf(property), depth + 1, objectDepth);
                    members.Add(one.ToArray());
                }
            }
        }

        WriteSorted(writer, mark, type, members);
    }

    private static object? ValueOf(PSPropertyInfo property)
    {
        try
        {
            return property.Value;
        }
        catch (GetValueException)
        {
            // What it does not say today it does not say tomorrow.
            return null;
        }
    }

    private static void WriteSorted(WireWriter writer, Mark mark, string type, List<byte[]> parts)
    {
        parts.Sort(static (one, other) => one.AsSpan().SequenceCompareTo(other));
        Begin(writer, mark);
        writer.WriteString(type);
        writer.WriteCount(parts.Count);
        foreach (byte[] part in parts)
        {
            writer.WriteRaw(part);
        }
    }
}
