using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Executables;

/// <summary>Hands on what a child writes for its item: to the item's records, and to files if there are any.</summary>
internal sealed class ItemStreams : IChildStreams
{
    private readonly ItemFiles? _files;
    private readonly ByteCollector? _bytes;
    private readonly Action<Exception>? _tooLong;
    private LineSplitter? _lines;
    private LineSplitter? _errorLines;

    /// <param name="files">Takes the bytes as they are; null if nothing does.</param>
    public ItemStreams(ExecutableOptions options, IExecutableCalls calls, object? input, IItemSink sink, ItemFiles? files)
    {
        _files = files;
        _tooLong = files is null ? null : cause => calls.Report(sink, input, new ProgramReport(ReportKind.OnlyInFile, cause));
        if (options.AsBytes)
        {
            _bytes = new ByteCollector(data => sink.Write(RecordKind.Output, data));
        }
        else
        {
            _lines = new LineSplitter(options.Encoding, line => sink.Write(RecordKind.Output, line));
        }

        _errorLines = new LineSplitter(
            options.Encoding, line => calls.Report(sink, input, new ProgramReport(ReportKind.ErrorLine, line)), carriageReturnEnds: true);
    }

    public bool HoldsBack => _bytes is { IsEmpty: false };

    public void Output(ReadOnlySpan<byte> data)
    {
        _files?.WriteOutput(data);
        Split(ref _lines, data);
        _bytes?.Add(data);
    }

    public void Error(ReadOnlySpan<byte> data)
    {
        _files?.WriteError(data);
        Split(ref _errorLines, data);
    }

    public void Idle() => _bytes?.Flush();

    public void End()
    {
        _lines?.Flush();
        _bytes?.Flush();
        _errorLines?.Flush();
    }

    // What is no text is in the file, to the byte. Without one, nothing has it.
    private void Split(ref LineSplitter? lines, ReadOnlySpan<byte> data)
    {
        try
        {
            lines?.Add(data);
        }
        catch (LineTooLongException exception) when (_tooLong is not null)
        {
            lines = null;
            _tooLong(exception);
        }
    }
}
