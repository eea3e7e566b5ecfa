using System.Security.Cryptography;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Writes what an item wrote into the file, chunk by chunk. For one thread at a time.</summary>
internal sealed class OutputEncoder(OutputFile file, IOutputCodec codec) : IDisposable
{
    /// <summary>From how many bytes on what an item wrote is cut between two records, so that reading it takes no more memory than that and the largest record.</summary>
    public const int FullChunk = 1024 * 1024;

    private readonly WireWriter _writer = new() { SendsBlobs = false };
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _previous;

    /// <summary>The type of what was kept as something less; null if nothing was.</summary>
    public string? ReducedType { get; private set; }

    public IOutputCodec Codec => codec;

    /// <summary>Adds what an item wrote that has succeeded.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OutputNotKeptException">Something of it cannot be kept.</exception>
    public KeptPlace Add(ItemAttempt attempt, JournalEntry entry)
    {
        _writer.Clear();
        _previous = OutputChunk.None;
        ReducedType = null;
        object? input = attempt.Item.Input;
        foreach (object error in attempt.Errors)
        {
            Write(RecordKind.Error, error, input, entry.Key);
        }

        foreach (object? output in attempt.Output)
        {
            Write(RecordKind.Output, output, input, entry.Key);
        }

        foreach (ItemRecord held in attempt.Held)
        {
            if (held.Kind is RecordKind.Output)
            {
                Write(RecordKind.Output, held.Value, input, entry.Key);
            }
        }

        KeptEnd.Write(_writer, attempt, entry);
        return Flush(entry.Key);
    }

    public void Dispose() => _hash.Dispose();

    private void Write(RecordKind kind, object? value, object? input, ItemKey key)
    {
        try
        {
            _writer.WriteByte((byte)kind);
            int start = _writer.BeginPart();
            codec.Write(_writer, kind, value, input);
            _writer.EndPart(start);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever the object's own code throws while it is read.
            throw new OutputNotKeptException(exception);
        }

        ReducedType ??= kind is RecordKind.Output ? codec.ReducedType : null;
        if (_writer.Length >= FullChunk)
        {
            Flush(key);
        }
    }

    private KeptPlace Flush(ItemKey key)
    {
        Span<byte> header = stackalloc byte[OutputChunk.HeaderLength];
        OutputChunk.WriteHeader(header, key, _previous, _writer.WrittenSpan, _hash);
        _previous = file.Append(header, _writer.WrittenSpan);
        KeptPlace place = new(_previous, header.Length + _writer.Length);
        _writer.Clear();
        return place;
    }
}
