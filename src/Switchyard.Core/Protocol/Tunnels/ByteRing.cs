using System.Numerics;

namespace Switchyard.Core.Protocol.Tunnels;

/// <summary>Bytes in the order in which they came. Its room grows as it must and is used again. For one thread at a time.</summary>
internal sealed class ByteRing
{
    private const int FirstRoom = 4096;

    private byte[] _room = [];
    private int _start;

    public int Count { get; private set; }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (Count + bytes.Length > _room.Length)
        {
            byte[] room = new byte[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FirstRoom, Count + bytes.Length))];
            int have = Count;
            Take(room);
            (_room, _start, Count) = (room, 0, have);
        }

        int end = (_start + Count) % _room.Length;
        int first = Math.Min(bytes.Length, _room.Length - end);
        bytes[..first].CopyTo(_room.AsSpan(end));
        bytes[first..].CopyTo(_room);
        Count += bytes.Length;
    }

    public int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, Count);
        int first = Math.Min(count, _room.Length - _start);
        _room.AsSpan(_start, first).CopyTo(buffer);
        _room.AsSpan(0, count - first).CopyTo(buffer[first..]);
        _start = _room.Length == 0 ? 0 : (_start + count) % _room.Length;
        Count -= count;
        return count;
    }

    /// <summary>Forgets what is in it, and gives its room back.</summary>
    public void Clear()
    {
        _room = [];
        _start = Count = 0;
    }
}
