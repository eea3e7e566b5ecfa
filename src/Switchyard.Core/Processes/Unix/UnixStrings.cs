using System.Runtime.InteropServices;

namespace Switchyard.Core.Processes.Unix;

/// <summary>A null-terminated array of C strings in memory of its own, as a program's arguments and environment are.</summary>
/// <remarks>Text is UTF-8, as everywhere in .NET on Unix; half a surrogate pair, which has no UTF-8, becomes U+FFFD.</remarks>
internal sealed unsafe class UnixStrings : IDisposable
{
    private byte* _block;

    public UnixStrings(IReadOnlyList<string> strings, int spare = 0)
    {
        nuint pointers = (nuint)(strings.Count + spare + 1) * (nuint)sizeof(byte*);
        nuint size = pointers;
        foreach (string text in strings)
        {
            size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;
        }

        Count = strings.Count;
        _block = (byte*)NativeMemory.AllocZeroed(size);
        byte* next = _block + pointers;
        byte* end = _block + size;
        for (int i = 0; i < strings.Count; i++)
        {
            Pointers[i] = next;
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, (int)(end - next))) + 1;
        }
    }

    public byte** Pointers => (byte**)_block;

    public int Count { get; }

    /// <summary>Puts a string into a spare place.</summary>
    /// <param name="place">Which, from 0.</param>
    public void SetSpare(int place, byte* text) => Pointers[Count + place] = text;

    public void Dispose()
    {
        NativeMemory.Free(_block);
        _block = null;
    }
}
