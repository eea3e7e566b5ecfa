using System.Security.Cryptography;
using Switchyard.Core.Executables;

namespace Switchyard;

/// <summary>A block of input that a program reads from its standard input: a part of a file, or of what was piped in. What <c>-InputMode Block</c> makes its items of.</summary>
public sealed class InputBlock
{
    private readonly byte[]? _bytes;

    internal InputBlock(FilePart part)
    {
        Part = part;
        Path = part.Path;
        Offset = part.Offset;
        Length = part.Length;
    }

    internal InputBlock(long offset, byte[] bytes)
    {
        _bytes = bytes;
        Offset = offset;
        Length = bytes.Length;
    }

    /// <summary>Makes a part of a file again of what was written of it.</summary>
    /// <returns>The block; anything else as it is. Null of what was piped in, as that was not written.</returns>
    internal static object? Restore(object? written)
    {
        if (written is not PSObject { TypeNames: [var name, ..] } bag || name != "Deserialized." + typeof(InputBlock).FullName)
        {
            return written;
        }

        return bag.Properties[nameof(Path)]?.Value is string path && bag.Properties[nameof(Offset)]?.Value is long offset && bag.Properties[nameof(Length)]?.Value is long length
            ? new InputBlock(new FilePart(path, offset, length))
            : null;
    }

    /// <summary>The full path of the file that it is a part of; null for what was piped in.</summary>
    public string? Path { get; }

    /// <summary>Where it begins in the file, or in what was piped in, in bytes.</summary>
    public long Offset { get; }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>What was piped in, as SHA-256: two blocks with the same are the same. Null for a part of a file, which is known by its place.</summary>
    public string? Hash => field ??= _bytes is null ? null : Convert.ToHexString(SHA256.HashData(_bytes));

    /// <summary>What it is a part of, and which; null for what was piped in.</summary>
    internal FilePart? Part { get; }

    /// <summary>What was piped in.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Returns the file's name and the block's first and last byte.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileName(Path)}[{Offset}..{Offset + Length - 1}]");
}
