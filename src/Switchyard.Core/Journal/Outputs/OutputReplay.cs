using Switchyard.Core.Protocol;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Hands on what items wrote in earlier runs, a chunk at a time. For the thread that writes a run's output only.</summary>
internal sealed class OutputReplay(OutputFile file, Func<IOutputCodec> createCodec)
{
    private readonly WireReader _reader = new();
    private IOutputCodec? _codec;
    private byte[] _content = [];

    /// <summary>Hands on what an item wrote, which was found to be whole: as its records, or as its result.</summary>
    public void Write(ItemKey key, long at, in BatchItem item, IResultSink sink, bool asResult)
    {
        _codec ??= createCodec();
        CollectedOutput? collected = asResult ? new CollectedOutput() : null;
        List<long> chunks = TryRead(() => FindChunks(key, at), out List<long>? found, out Exception? failure) ? found! : [];
        ItemResult? result = null;
        for (int i = chunks.Count - 1; i >= 0 && failure is null; i--)
        {
            if (!TryRead(() => Take(key, chunks[i]), out int length, out failure))
            {
                break;
            }

            _reader.Reset(_content, 0, length, []);
            while (_reader.Remaining > 0)
            {
                RecordKind kind = (RecordKind)_reader.ReadByte();
                int end = _reader.BeginPart();
                if (kind is RecordKind.End)
                {
                    result = collected is null ? null : KeptEnd.Read(_reader, item, collected);
                }
                else
                {
                    // By itself it can be what is not known here, such as a type.
                    object? input = item.Input;
                    ItemRecord record = TryRead(() => _codec.Read(_reader, kind, input), out object? value, out Exception? reason)
                        ? new ItemRecord(item.Index, kind, value)
                        : new ItemRecord(item.Index, RecordKind.Error, _codec.CreateError(input, reason!));
                    HandOn(record, sink, collected);
                }

                _reader.EndPart(end);
            }
        }

        if (failure is not null)
        {
            HandOn(new ItemRecord(item.Index, RecordKind.Error, _codec.CreateError(item.Input, failure)), sink, collected);
        }

        if (collected is not null)
        {
            sink.Complete(result ?? new ItemResult
            {
                Index = item.Index, Input = item.Input, Status = ItemStatus.Succeeded, Output = collected.Output, Errors = collected.Errors,
            });
        }
    }

    private static void HandOn(in ItemRecord record, IResultSink sink, CollectedOutput? collected)
    {
        if (collected is null)
        {
            sink.Write(record);
        }
        else
        {
            collected.Add(record);
        }
    }

    // Whatever a value throws as it is read.
    private static bool TryRead<T>(Func<T> read, out T? value, out Exception? failure)
    {
        (value, failure) = (default, null);
        try
        {
            value = read();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            failure = exception;
            return false;
        }
    }

    // The last one leads to those before it.
    private List<long> FindChunks(ItemKey key, long last)
    {
        List<long> chunks = [];
        Span<byte> header = stackalloc byte[OutputChunk.HeaderLength];
        for (long at = last, previous; at >= 0; at = previous)
        {
            ReadHeader(key, at, header, out _, out previous);
            chunks.Add(at);
        }

        return chunks;
    }

    private int Take(ItemKey key, long at)
    {
        Span<byte> header = stackalloc byte[OutputChunk.HeaderLength];
        ReadHeader(key, at, header, out int length, out _);
        if (_content.Length < length || _content.Length > Math.Max(length, OutputEncoder.FullChunk) * 2)
        {
            _content = new byte[length];
        }

        return file.TryRead(_content.AsSpan(0, length), at + header.Length) ? length : throw new MalformedFrameException(Messages.FrameCutOff);
    }

    private void ReadHeader(ItemKey key, long at, Span<byte> header, out int length, out long previous)
    {
        (length, previous) = (0, OutputChunk.None);
        if (!file.TryRead(header, at) || !OutputChunk.TryReadHeader(header, key, out length, out previous))
        {
            throw new MalformedFrameException(Messages.FrameCutOff);
        }
    }
}
