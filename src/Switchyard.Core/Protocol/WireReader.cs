using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Switchyard.Core.Protocol;

/// <summary>Reads what a <see cref="WireWriter"/> has written. Whatever the bytes are, it reads no more of them than there are.</summary>
internal sealed class WireReader
{
    private byte[] _buffer = [];
    private IReadOnlyList<byte[]> _blobs = [];
    private int _position;
    private int _end;

    public int Position => _position;

    /// <summary>How many bytes are left.</summary>
    public int Remaining => _end - _position;

    public void Reset(byte[] buffer, int start, int length, IReadOnlyList<byte[]> blobs)
    {
        _buffer = buffer;
        _position = start;
        _end = start + length;
        _blobs = blobs;
    }

    public byte ReadByte() => _position < _end ? _buffer[_position++] : throw CutOff();

    public bool ReadBoolean() => ReadByte() switch
    {
        0 => false,
        1 => true,
        _ => throw new MalformedFrameException(Messages.FrameTruthValue),
    };

    public ulong ReadVariable()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new MalformedFrameException(Messages.FrameNumberTooLong);
    }

    /// <summary>Reads a count of things of which each takes at least some bytes, so that no more can be meant than there is room for.</summary>
    /// <param name="leastBytes">How many bytes one takes at least; 0 if it may take none.</param>
    public int ReadCount(int leastBytes = 1)
    {
        ulong count = ReadVariable();
        int most = leastBytes == 0 ? FrameLimits.MaxLength : Remaining / leastBytes;
        return count <= (ulong)most ? (int)count : throw CutOff();
    }

    public long ReadSigned()
    {
        ulong value = ReadVariable();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadRaw(sizeof(long)));

    /// <summary>Reads bytes as they are.</summary>
    /// <returns>The bytes; valid until the next frame.</returns>
    public ReadOnlySpan<byte> ReadRaw(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw CutOff();
        }

        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_position, count);
        _position += count;
        return bytes;
    }

    /// <summary>Reads a text.</summary>
    /// <returns>The text, or null.</returns>
    public string? ReadString()
    {
        ulong header = ReadVariable();
        if (header == 0)
        {
            return null;
        }

        bool isWide = (header & 1) == 0;
        ulong length = (header - 1) >> 1;
        if (length > (ulong)Remaining)
        {
            throw CutOff();
        }

        ReadOnlySpan<byte> bytes = ReadRaw(isWide ? checked((int)length * sizeof(char)) : (int)length);
        if (!isWide)
        {
            // Each byte is a character, also one that no writer of ours would have written like this.
            return Encoding.Latin1.GetString(bytes);
        }

        return BitConverter.IsLittleEndian ? new string(MemoryMarshal.Cast<byte, char>(bytes)) : Encoding.Unicode.GetString(bytes);
    }

    /// <summary>Reads a text as bytes, if that is how it came.</summary>
    /// <param name="bytes">A byte for each character; valid until the next frame.</param>
    /// <returns>False if it came otherwise, or is null: then nothing was read.</returns>
    public bool TryReadAscii(out ReadOnlySpan<byte> bytes)
    {
        int start = _position;
        ulong header = ReadVariable();
        if ((header & 1) == 1 && (header >> 1) <= (ulong)Remaining)
        {
            bytes = ReadRaw((int)(header >> 1));
            return true;
        }

        _position = start;
        bytes = [];
        return false;
    }

    public string ReadText() => ReadString() ?? throw new MalformedFrameException(Messages.FrameTextMissing);

    /// <summary>Reads a byte array.</summary>
    public byte[] ReadBytes()
    {
        ulong header = ReadVariable();
        if (header == 0)
        {
            ulong index = ReadVariable();
            return index < (ulong)_blobs.Count ? _blobs[(int)index] : throw CutOff();
        }

        ulong length = header >> 1;
        return (header & 1) == 1 && length <= (ulong)Remaining ? ReadRaw((int)length).ToArray() : throw CutOff();
    }

    public int BeginPart()
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(ReadRaw(sizeof(int)));
        return length >= 0 && length <= Remaining ? _position + length : throw CutOff();
    }

    /// <summary>Goes to the end of a part, wherever in it reading has stopped.</summary>
    public void EndPart(int end) => _position = _position <= end ? end : throw new MalformedFrameException(Messages.FramePartTooLong);

    private static MalformedFrameException CutOff() => new(Messages.FrameCutOff);
}
