using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Executables;

/// <summary>Hands on what a child writes for its item: to the item's records, and to files if there are any.</summary>
internal sealed class ItemStreams : IChildStreams
{
    private readonly ItemFiles? _files;
    private readonly LineSplitter? _lines;
    private readonly ByteCollector? _bytes;
    private readonly LineSplitter _errorLines;

    /// <param name="files">Takes the bytes as they are; null if nothing does.</param>
    public ItemStreams(ExecutableOptions options, IExecutableCalls calls, object? input, IItemSink sink, ItemFiles? files)
    {
        _files = files;
        if (options.AsBytes)
        {
            _bytes = new ByteCollector(data => sink.Write(RecordKind.Output, data));
        }
        else
        {
            _lines = new LineSplitter(options.Encoding, line => sink.Write(RecordKind.Output, line));
        }

        _errorLines = new LineSplitter(
            options.Encoding, line => sink.Write(RecordKind.Error, calls.ErrorLine(input, line)), carriageReturnEnds: true);
    }

    /// <summary>Whether something is held back that is to be handed on if nothing more comes.</summary>
    public bool HoldsBack => _bytes is { IsEmpty: false };

    public void Output(ReadOnlySpan<byte> data)
    {
        _files?.WriteOutput(data);
        _lines?.Add(data);
        _bytes?.Add(data);
    }

    public void Error(ReadOnlySpan<byte> data)
    {
        _files?.WriteError(data);
        _errorLines.Add(data);
    }

    public void Idle() => _bytes?.Flush();

    /// <summary>Hands on what is left: a last line that was not ended.</summary>
    public void End()
    {
        _lines?.Flush();
        _bytes?.Flush();
        _errorLines.Flush();
    }
}
