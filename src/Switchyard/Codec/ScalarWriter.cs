using System.Numerics;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>Writes what is one number or a few: numbers of the rarer kinds, dates, times, ids and versions.</summary>
internal static class ScalarWriter
{
    /// <summary>Writes a value with its tag, if it is of these.</summary>
    /// <returns>False if it is not, and nothing was written.</returns>
    public static bool TryWrite(WireWriter writer, object value)
    {
        switch (value)
        {
            case sbyte number:
                WriteTag(writer, ValueTag.SByte);
                writer.WriteSigned(number);
                break;
            case short number:
                WriteTag(writer, ValueTag.Int16);
                writer.WriteSigned(number);
                break;
            case ushort number:
                WriteTag(writer, ValueTag.UInt16);
                writer.WriteVariable(number);
                break;
            case uint number:
                WriteTag(writer, ValueTag.UInt32);
                writer.WriteVariable(number);
                break;
            case ulong number:
                WriteTag(writer, ValueTag.UInt64);
                writer.WriteVariable(number);
                break;
            case char character:
                WriteTag(writer, ValueTag.Char);
                writer.WriteVariable(character);
                break;
            case float number:
                WriteTag(writer, ValueTag.Single);
                writer.WriteSigned(BitConverter.SingleToInt32Bits(number));
                break;
            case decimal number:
                WriteTag(writer, ValueTag.Decimal);
                foreach (int part in decimal.GetBits(number))
                {
                    writer.WriteSigned(part);
                }

                break;
            case BigInteger number:
                WriteTag(writer, ValueTag.BigInteger);
                writer.WriteBytes(number.ToByteArray());
                break;
            case DateTime time:
                WriteTag(writer, ValueTag.DateTime);
                writer.WriteInt64(time.Ticks);
                writer.WriteByte((byte)time.Kind);
                break;
            case DateTimeOffset time:
                WriteTag(writer, ValueTag.DateTimeOffset);
                writer.WriteInt64(time.Ticks);
                writer.WriteSigned(time.Offset.Ticks);
                break;
            case TimeSpan time:
                WriteTag(writer, ValueTag.TimeSpan);
                writer.WriteSigned(time.Ticks);
                break;
            case DateOnly date:
                WriteTag(writer, ValueTag.DateOnly);
                writer.WriteSigned(date.DayNumber);
                break;
            case TimeOnly time:
                WriteTag(writer, ValueTag.TimeOnly);
                writer.WriteSigned(time.Ticks);
                break;
            case Guid id:
                WriteTag(writer, ValueTag.Guid);
                writer.WriteRaw(id.ToByteArray());
                break;
            case Version version:
                WriteTag(writer, ValueTag.Version);
                writer.WriteSigned(version.Major);
                writer.WriteSigned(version.Minor);
                writer.WriteSigned(version.Build);
                writer.WriteSigned(version.Revision);
                break;
            default:
                return false;
        }

        return true;
    }

    public static void WriteTag(WireWriter writer, ValueTag tag) => writer.WriteByte((byte)tag);
}
