namespace Switchyard.Core.Executables;

/// <summary>
/// Cuts a stream of bytes into blocks: each ends with the first line end that is no less than so many bytes after its beginning, so a line is never cut, and one that is
/// longer than a block is in one. Put together again they are the stream, to the byte.
/// </summary>
/// <param name="size">How many bytes a block has at least, but for the last.</param>
internal sealed class BlockCutter(int size)
{
    public const byte LineEnd = (byte)'\n';

    // One begins small: few streams fill a block of a gigabyte.
    private const int FirstLength = 64 * 1024;

    private byte[] _bytes = new byte[Math.Min(size, FirstLength)];
    private int _count;

    /// <summary>Takes bytes up to the end of a block.</summary>
    /// <param name="block">The block, if it is whole now; else null.</param>
    /// <returns>How many were taken: the rest belongs to the next.</returns>
    public int Add(ReadOnlySpan<byte> bytes, out byte[]? block)
    {
        int first = Math.Max(0, size - 1 - _count);
        int end = first < bytes.Length ? bytes[first..].IndexOf(LineEnd) : -1;
        int taken = end < 0 ? bytes.Length : first + end + 1;
        Append(bytes[..taken]);
        block = end < 0 ? null : Take();
        return taken;
    }

    /// <summary>Takes what is left at the end of the stream.</summary>
    /// <returns>The last block; null if there is nothing left.</returns>
    public byte[]? TakeRest() => _count == 0 ? null : Take();

    private byte[] Take()
    {
        byte[] block = _bytes.AsSpan(0, _count).ToArray();
        _count = 0;
        return block;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        int needed = checked(_count + bytes.Length);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Clamp(_bytes.Length * 2L, needed, Array.MaxLength));
        }

        bytes.CopyTo(_bytes.AsSpan(_count));
        _count = needed;
    }
}
