using System.Security.Cryptography;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Finds out whether an item's output is there, and whole. For one thread at a time.</summary>
internal sealed class OutputCheck(OutputFile file) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[16 * 1024];

    public bool IsWhole(ItemKey key, long at)
    {
        try
        {
            long next = at;
            while (next >= 0)
            {
                long here = next;
                if (!TryCheck(key, here, out next) || next >= here)
                {
                    return false;
                }
            }

            return at >= 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be read is not there: the item is run again.
            Debug.WriteLine(exception);
            return false;
        }
    }

    public void Dispose() => _hash.Dispose();

    private bool TryCheck(ItemKey key, long at, out long previous)
    {
        previous = OutputChunk.None;
        Span<byte> header = stackalloc byte[OutputChunk.HeaderLength];
        if (!file.TryRead(header, at) || !OutputChunk.TryReadHeader(header, key, out int left, out previous))
        {
            return false;
        }

        OutputChunk.BeginHash(header, _hash);
        at += header.Length;
        bool isThere = true;
        while (left > 0 && isThere)
        {
            Span<byte> part = _buffer.AsSpan(0, Math.Min(left, _buffer.Length));
            isThere = file.TryRead(part, at);
            _hash.AppendData(part);
            at += part.Length;
            left -= part.Length;
        }

        return OutputChunk.IsWhole(header, _hash) && isThere;
    }
}
