using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Switchyard.Core.Protocol;

/// <summary>
/// Builds the content of a frame. Numbers have their least significant byte first; lengths and counts are variable-length (LEB128).
/// A text is its characters as they are, ASCII in one byte each and otherwise all in two, so that every string arrives as it left.
/// </summary>
internal sealed class WireWriter
{
    private const int InitialLength = 4096;

    // What a buffer may keep between frames.
    private const int MaxKept = 1024 * 1024;

    private readonly List<byte[]> _blobs = [];
    private byte[] _buffer = new byte[InitialLength];
    private long _blobBytes;
    private int _length = FrameLimits.HeaderLength;

    /// <summary>Whether large arrays travel by themselves. Otherwise they are part of the content.</summary>
    public bool SendsBlobs { get; init; } = true;

    /// <summary>How many bytes the content has so far.</summary>
    public int Length => _length - FrameLimits.HeaderLength;

    /// <summary>How many bytes there are to send, with the arrays that travel by themselves.</summary>
    public long TotalLength => Length + _blobBytes;

    /// <summary>Whether nothing was written.</summary>
    public bool IsEmpty => _length == FrameLimits.HeaderLength;

    /// <summary>The arrays that travel by themselves, in the order in which the content refers to them.</summary>
    internal IReadOnlyList<byte[]> Blobs => _blobs;

    public void Clear()
    {
        _length = FrameLimits.HeaderLength;
        _blobs.Clear();
        _blobBytes = 0;
        if (_buffer.Length > MaxKept)
        {
            _buffer = new byte[InitialLength];
        }
    }

    public WireMark Mark() => new(_length, _blobs.Count);

    public void Undo(WireMark mark)
    {
        _length = mark.Length;
        for (int i = _blobs.Count - 1; i >= mark.Blobs; i--)
        {
            _blobBytes -= _blobs[i].Length;
            _blobs.RemoveAt(i);
        }
    }

    public void WriteByte(byte value)
    {
        if (_length == _buffer.Length)
        {
            Grow(1);
        }

        _buffer[_length++] = value;
    }

    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes a count, a length, an id: small ones take a byte.</summary>
    public void WriteVariable(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    /// <summary>Writes a count, which is not negative.</summary>
    public void WriteCount(int value) => WriteVariable((ulong)value);

    /// <summary>Writes a signed number; those near zero take a byte.</summary>
    public void WriteSigned(long value) => WriteVariable((ulong)((value << 1) ^ (value >> 63)));

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    /// <summary>Writes bytes as they are; the reader has to know how many.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>Writes a text, or null.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        // The header is the length, doubled, and whether the characters are wide; plus one, as zero is null.
        int mark = _length;
        WriteVariable(((ulong)value.Length << 1) + 1);
        if (value.Length == 0)
        {
            return;
        }

        if (Ascii.FromUtf16(value, Take(value.Length), out _) == System.Buffers.OperationStatus.Done)
        {
            return;
        }

        _length = mark;
        WriteVariable(((ulong)value.Length << 1) + 2);
        Span<byte> room = Take(checked(value.Length * sizeof(char)));
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(value.AsSpan()).CopyTo(room);
        }
        else
        {
            Encoding.Unicode.GetBytes(value, room);
        }
    }

    /// <summary>Writes a byte array. A large one travels by itself, and must not be changed until the frame was sent.</summary>
    public void WriteBytes(byte[] value)
    {
        if (value.Length < FrameLimits.MinBlobLength || !SendsBlobs)
        {
            WriteVariable(((ulong)value.Length << 1) + 1);
            WriteRaw(value);
            return;
        }

        if (value.Length > FrameLimits.MaxLength)
        {
            throw TooLarge();
        }

        WriteByte(0);
        WriteCount(_blobs.Count);
        _blobs.Add(value);
        _blobBytes += value.Length;
    }

    public int BeginPart()
    {
        int start = _length;
        Take(sizeof(int));
        return start;
    }

    /// <summary>Fills in the length of what was written since.</summary>
    public void EndPart(int start) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), _length - start - sizeof(int));

    /// <summary>The content as far as it is written, until the next is. It may hold no array that travels by itself.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(FrameLimits.HeaderLength, Length);

    /// <summary>The content by itself. It may hold no array that travels by itself.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    internal ReadOnlySpan<byte> Seal(FrameKind kind)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer, Length);
        _buffer[sizeof(int)] = (byte)kind;
        return _buffer.AsSpan(0, _length);
    }

    private static FrameTooLargeException TooLarge() =>
        new(MessageText.Format(Messages.FrameTooLong, FrameLimits.MaxLength / (1024 * 1024)));

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        Span<byte> taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Grow(int count)
    {
        long needed = (long)_length + count;
        if (needed > FrameLimits.MaxLength)
        {
            throw TooLarge();
        }

        int size = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)needed), FrameLimits.MaxLength + FrameLimits.HeaderLength);
        Array.Resize(ref _buffer, size);
    }
}
