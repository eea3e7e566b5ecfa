using System.Runtime.InteropServices;
using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>Arrays of numbers, which travel as the bytes that they are in memory. Bytes themselves go another way.</summary>
internal static class Primitives
{
    private static readonly Type[] _types =
    [
        typeof(int), typeof(long), typeof(double), typeof(float), typeof(short), typeof(ushort), typeof(uint), typeof(ulong), typeof(sbyte),
        typeof(char),
    ];

    /// <summary>The code of an element type.</summary>
    /// <returns>The code; -1 if it has none.</returns>
    public static int CodeOf(Type element) => BitConverter.IsLittleEndian ? Array.IndexOf(_types, element) : -1;

    public static void Write(WireWriter writer, Array array)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
        writer.WriteCount(array.Length);
        if (bytes.Length < FrameLimits.MinBlobLength)
        {
            writer.WriteRaw(bytes);
        }
        else
        {
            writer.WriteBytes(bytes.ToArray());
        }
    }

    public static Array Read(WireReader reader, int code)
    {
        Type type = code < _types.Length ? _types[code] : throw new MalformedFrameException(Messages.ArrayOfNoType);
        int size = type == typeof(char) ? sizeof(char) : Marshal.SizeOf(type);
        int count = reader.ReadCount(0);
        long length = (long)count * size;
        ReadOnlySpan<byte> bytes = length < FrameLimits.MinBlobLength ? reader.ReadRaw((int)length) : reader.ReadBytes();
        if (bytes.Length != length)
        {
            throw new MalformedFrameException(Messages.ArrayLength);
        }

        Array array = Array.CreateInstance(type, count);
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), bytes.Length));
        return array;
    }
}
