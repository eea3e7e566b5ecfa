using System.Numerics;
using System.Xml;
using Switchyard.Core.Gauges;
using Switchyard.Core.Protocol;

namespace Switchyard.Journal;

/// <summary>The content of values that have no parts: texts, numbers, times, paths.</summary>
internal static class ValueContent
{
    private const double MaxExact = 9_007_199_254_740_992;

    /// <summary>Writes a value; false if it may have parts.</summary>
    public static bool TryWrite(WireWriter writer, object? value, FileSystemCase? names)
    {
        switch (value)
        {
            case null:
                Begin(writer, ContentMark.Null);
                break;
            case string text:
                WriteText(writer, ContentMark.Text, text);
                break;
            case FileInfo file:
                WriteText(writer, ContentMark.File, PathOf(file.FullName, names));
                break;
            case DirectoryInfo directory:
                WriteText(writer, ContentMark.Directory, PathOf(Path.TrimEndingDirectorySeparator(directory.FullName), names));
                break;
            case bool truth:
                Begin(writer, truth ? ContentMark.True : ContentMark.False);
                break;
            case char character:
                Begin(writer, ContentMark.Character);
                writer.WriteVariable(character);
                break;
            case Guid id:
                Begin(writer, ContentMark.Guid);
                writer.WriteRaw(id.ToByteArray());
                break;
            case byte[] bytes:
                Begin(writer, ContentMark.Bytes);
                writer.WriteBytes(bytes);
                break;
            default:
                return TryWriteNumber(writer, value) || TryWriteTime(writer, value) || TryWriteNamed(writer, value);
        }

        return true;
    }

    private static string PathOf(string path, FileSystemCase? names) => names?.KeyOf(path) ?? path;

    public static void Begin(WireWriter writer, ContentMark mark) => writer.WriteByte((byte)mark);

    private static bool TryWriteNumber(WireWriter writer, object value)
    {
        switch (value)
        {
            case sbyte or byte or short or ushort or int or uint or long:
                WriteWhole(writer, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                WriteBig(writer, number);
                break;
            case BigInteger number:
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
            default:
                return false;
        }

        return true;
    }

    private static bool TryWriteTime(WireWriter writer, object value)
    {
        switch (value)
        {
            case DateTime time:
                Begin(writer, ContentMark.Time);
                writer.WriteInt64(time.Ticks);
                writer.WriteByte((byte)time.Kind);
                break;
            case DateTimeOffset time:
                Begin(writer, ContentMark.Time);
                writer.WriteInt64(time.Ticks);
                writer.WriteSigned(time.Offset.Ticks);
                break;
            case TimeSpan time:
                Begin(writer, ContentMark.Duration);
                writer.WriteSigned(time.Ticks);
                break;
            default:
                return false;
        }

        return true;
    }

    private static bool TryWriteNamed(WireWriter writer, object value)
    {
        (ContentMark mark, Type type, string? text) = value switch
        {
            // What a shared object holds changes at any time.
            SharedObject shared => (ContentMark.Named, shared.GetType(), shared.Name),
            Enum constant => (ContentMark.Named, constant.GetType(), constant.ToString("D")),
            Uri uri => (ContentMark.Named, typeof(Uri), uri.OriginalString),
            Type named => (ContentMark.Named, typeof(Type), named.FullName),
            XmlNode node => (ContentMark.Named, typeof(XmlNode), node.OuterXml),
            IFormattable formattable => (ContentMark.Simple, value.GetType(), formattable.ToString(null, CultureInfo.InvariantCulture)),
            IConvertible or Version => (ContentMark.Simple, value.GetType(), value.ToString()),
            _ => default,
        };
        if (type is null)
        {
            return false;
        }

        WriteText(writer, mark, type.FullName);
        writer.WriteString(text);
        return true;
    }

    private static void WriteText(WireWriter writer, ContentMark mark, string? text)
    {
        Begin(writer, mark);
        writer.WriteString(text);
    }

    private static void WriteWhole(WireWriter writer, long number)
    {
        Begin(writer, ContentMark.Whole);
        writer.WriteSigned(number);
    }

    private static void WriteBig(WireWriter writer, BigInteger number)
    {
        if (number >= long.MinValue && number <= long.MaxValue)
        {
            WriteWhole(writer, (long)number);
            return;
        }

        Begin(writer, ContentMark.BigWhole);
        writer.WriteBytes(number.ToByteArray());
    }

    private static void WriteFraction(WireWriter writer, double number)
    {
        if (Math.Abs(number) < MaxExact && number == Math.Truncate(number))
        {
            WriteWhole(writer, (long)number);
            return;
        }

        Begin(writer, ContentMark.Fraction);
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

        // 1.10 is 1.1: dividing by one with all its zeros takes the others away.
        WriteText(writer, ContentMark.Exact, (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture));
    }
}
