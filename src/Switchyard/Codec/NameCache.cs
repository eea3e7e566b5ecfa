using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>Names of properties, of which a batch has few and reads many: each is made a string once.</summary>
internal sealed class NameCache
{
    private const int Size = 256;

    private readonly string?[] _names = new string?[Size];

    public string Read(WireReader reader)
    {
        if (!reader.TryReadAscii(out ReadOnlySpan<byte> bytes))
        {
            string name = reader.ReadText();
            InstanceMembers.Announce(name);
            return name;
        }

        if (bytes.IsEmpty)
        {
            // Which no property can be called; a value that says so is refused further on.
            return string.Empty;
        }

        ref string? known = ref _names[((bytes.Length * 31) + (bytes[0] * 7) + bytes[^1] + (bytes[bytes.Length / 2] * 13)) & (Size - 1)];
        if (known is null || !Ascii.Equals(bytes, known))
        {
            known = Encoding.Latin1.GetString(bytes);
            InstanceMembers.Announce(known);
        }

        return known;
    }
}
