using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Errors;
using Switchyard.Work;

namespace Switchyard.Executables;

/// <summary>Cuts what is piped in at line ends: texts as the lines of one stream, bytes as they are, and each file by itself.</summary>
/// <param name="name">The program's name.</param>
/// <param name="size">How many bytes a block has at least; null for what suits each.</param>
/// <param name="workers">How many blocks a file is cut into where no size is given.</param>
internal sealed class BlockInput(string name, int? size, int workers, Encoding encoding) : IBlockInput
{
    // Of a stream nobody knows how long it will be.
    private const int DefaultSize = 1024 * 1024;

    private readonly Encoding _encoding = ProgramEncoding.Strict(encoding);
    private readonly BlockCutter _cutter = new(size ?? DefaultSize);
    private long _offset;

    /// <summary>Whether blocks of such text can be told apart: a line end is one byte.</summary>
    public static bool Takes(Encoding encoding) => encoding.GetBytes("\n") is [BlockCutter.LineEnd];

    public IEnumerable<InputBlock> Take(object? input) => PSObjects.Unwrap(input) switch
    {
        FileInfo file => OfFile(file),
        DirectoryInfo folder => throw ExecutableErrors.FileNotCut(folder.FullName, Messages.FolderHasNoBlocks),
        byte[] bytes => OfBytes(bytes),
        byte one => OfBytes(new[] { one }),

        // Get-Content -ReadCount.
        object?[] several => several.SelectMany(Take),
        _ => OfBytes(BytesOf(input)),
    };

    public IEnumerable<InputBlock> End() => _cutter.TakeRest() is { } rest ? [Create(rest)] : [];

    private IEnumerable<InputBlock> OfBytes(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_cutter.Add(bytes.Span, out byte[]? block)..];
            if (block is not null)
            {
                yield return Create(block);
            }
        }
    }

    private IEnumerable<InputBlock> OfFile(FileInfo file)
    {
        // What came before it is no part of it.
        foreach (InputBlock rest in End())
        {
            yield return rest;
        }

        using IEnumerator<FilePart> parts = FileBlocks.Cut(file.FullName, length => size ?? (length + workers - 1) / workers).GetEnumerator();
        while (TryMove(parts, file.FullName))
        {
            yield return new InputBlock(parts.Current);
        }
    }

    private static bool TryMove(IEnumerator<FilePart> parts, string path)
    {
        try
        {
            return parts.MoveNext();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException)
        {
            throw ExecutableErrors.FileNotCut(path, exception.Message, exception);
        }
    }

    // A line comes without its end, and a text as it is in a file has one.
    private byte[] BytesOf(object? input)
    {
        try
        {
            string text = ArgumentText.Of(input);
            return _encoding.GetBytes(text.EndsWith('\n') ? text : text + "\n");
        }
        catch (EncoderFallbackException exception)
        {
            throw new BatchException(ExecutableErrors.ItemNotEncodable(input, name, _encoding, exception));
        }
        catch (RuntimeException exception)
        {
            throw new BatchException(ExecutableErrors.ItemHasNoText(input, exception));
        }
    }

    private InputBlock Create(byte[] bytes)
    {
        InputBlock block = new(_offset, bytes);
        _offset += bytes.Length;
        return block;
    }
}
