using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>
/// The header of a chunk, which is what one item wrote or a part of it: whose it is, where the part before it is, and the first 128 bits of
/// the SHA-256 hash of all that. <c>docs/journal.md</c> has the format.
/// </summary>
internal static class OutputChunk
{
    public const int HeaderLength = 48;

    /// <summary>The place of the part before the first.</summary>
    public const long None = -1;

    private const int HashAt = 32;
    private const int HashLength = 16;

    private static ReadOnlySpan<byte> Mark => "SyO1"u8;

    public static void WriteHeader(Span<byte> header, ItemKey key, long previous, ReadOnlySpan<byte> content, IncrementalHash hash)
    {
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], content.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], previous);
        BinaryPrimitives.WriteUInt64BigEndian(header[16..], key.High);
        BinaryPrimitives.WriteUInt64BigEndian(header[24..], key.Low);
        hash.AppendData(header[..HashAt]);
        hash.AppendData(content);
        TakeHash(hash, header[HashAt..HeaderLength]);
    }

    /// <summary>Reads a header. What it says is true only if the hash of the chunk is.</summary>
    /// <returns>False if it is none of this item's.</returns>
    public static bool TryReadHeader(ReadOnlySpan<byte> header, ItemKey key, out int length, out long previous)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        previous = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        return header.StartsWith(Mark)
            && length >= 0
            && key == new ItemKey(BinaryPrimitives.ReadUInt64BigEndian(header[16..]), BinaryPrimitives.ReadUInt64BigEndian(header[24..]));
    }

    public static void BeginHash(ReadOnlySpan<byte> header, IncrementalHash hash) => hash.AppendData(header[..HashAt]);

    /// <summary>Whether what the hash was given since its beginning is all of the chunk.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> header, IncrementalHash hash)
    {
        Span<byte> found = stackalloc byte[HashLength];
        TakeHash(hash, found);
        return found.SequenceEqual(header[HashAt..HeaderLength]);
    }

    private static void TakeHash(IncrementalHash hash, Span<byte> into)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..HashLength].CopyTo(into);
    }
}
