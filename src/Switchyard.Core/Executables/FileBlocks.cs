using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Files;

namespace Switchyard.Core.Executables;

/// <summary>Cuts files into blocks as <see cref="BlockCutter"/> does, without reading them: only the lines in which a block might end are looked at.</summary>
internal static class FileBlocks
{
    // More than most lines.
    private const int LookLength = 4096;

    /// <summary>Opens a file that others may be writing.</summary>
    public static SafeFileHandle Open(string path) => BusyFile.Use(() => File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Finds the blocks of a file as it is now, one after the other.</summary>
    /// <param name="size">How many bytes a block has at least, but for the last, given the length of the file.</param>
    /// <exception cref="InvalidDataException">Its line ends are no single bytes, or its length is not to be had.</exception>
    public static IEnumerable<FilePart> Cut(string path, Func<long, long> size)
    {
        using SafeFileHandle file = Open(path);
        long length = RandomAccess.GetLength(file);
        long wanted = Math.Max(1, size(length));
        byte[] look = new byte[LookLength];
        int first = RandomAccess.Read(file, look, 0);
        if (IsWide(look.AsSpan(0, first)) || (length == 0 && first > 0))
        {
            throw new InvalidDataException(length == 0 ? Messages.FileHidesLength : Messages.FileIsWide);
        }

        for (long start = 0; start < length;)
        {
            long end = FindEnd(file, start + wanted - 1, length, look);
            yield return new FilePart(path, start, end - start);
            start = end;
        }
    }

    /// <summary>Reads a part of a file, some at a time.</summary>
    /// <returns>A function that returns the next bytes, and none at the end; they are good until it is called again.</returns>
    public static Func<ReadOnlyMemory<byte>> Read(SafeFileHandle file, FilePart part, int most)
    {
        byte[] buffer = new byte[(int)Math.Min(most, part.Length)];
        long done = 0;
        return () =>
        {
            int count = (int)Math.Min(buffer.Length, part.Length - done);
            int read = count == 0 ? 0 : RandomAccess.Read(file, buffer.AsSpan(0, count), part.Offset + done);
            if (read == 0 && count > 0)
            {
                throw new EndOfStreamException(Messages.FileShrank);
            }

            done += read;
            return buffer.AsMemory(0, read);
        };
    }

    private static long FindEnd(SafeFileHandle file, long from, long length, byte[] look)
    {
        while (from < length)
        {
            int read = RandomAccess.Read(file, look.AsSpan(0, (int)Math.Min(look.Length, length - from)), from);
            int end = look.AsSpan(0, read).IndexOf(BlockCutter.LineEnd);
            if (end >= 0)
            {
                return from + end + 1;
            }

            if (read == 0)
            {
                break;
            }

            from += read;
        }

        return length;
    }

    // By their marks: a line end is two bytes or four there, one of which may be half of another character.
    private static bool IsWide(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || start.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || start.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]);
}
