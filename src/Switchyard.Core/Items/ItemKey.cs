using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Switchyard.Core.Items;

/// <summary>
/// What an item is known by from one run to the next: 128 bits made of its content. A short content is its own key; a longer one is known
/// by the first 120 bits of its SHA-256 hash (FIPS 180-4), so two items that differ do not meet.
/// </summary>
internal readonly record struct ItemKey(ulong High, ulong Low)
{
    public const int TextLength = 32;

    private const int KeyLength = 16;

    // Of a key that is its content, the first byte is the content's length.
    private const byte HashMark = 0xff;

    /// <summary>Makes the key of a content.</summary>
    /// <param name="content">Bytes that only equal items have.</param>
    public static ItemKey Of(ReadOnlySpan<byte> content)
    {
        Span<byte> key = stackalloc byte[KeyLength];
        key.Clear();
        if (content.Length < KeyLength)
        {
            key[0] = (byte)content.Length;
            content.CopyTo(key[1..]);
        }
        else
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(content, hash);
            key[0] = HashMark;
            hash[..(KeyLength - 1)].CopyTo(key[1..]);
        }

        return new ItemKey(BinaryPrimitives.ReadUInt64BigEndian(key), BinaryPrimitives.ReadUInt64BigEndian(key[8..]));
    }

    /// <summary>Reads a key's text.</summary>
    /// <returns>False if it is no key.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out ItemKey key)
    {
        if (text.Length == TextLength
            && ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            && ulong.TryParse(text[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            key = new ItemKey(high, low);
            return true;
        }

        key = default;
        return false;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{High:x16}{Low:x16}");
}
