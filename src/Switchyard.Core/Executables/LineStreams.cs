using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Executables;

/// <summary>Takes what a worker that takes lines writes: its answers, and the standard error of whatever item it is on.</summary>
internal sealed class LineStreams : IChildStreams
{
    private const int MostErrorsKept = 5;

    private readonly LineSplitter _lines;
    private readonly LineSplitter _errorLines;
    private readonly Queue<string> _answers = [];
    private readonly Queue<string> _lastErrors = [];

    public LineStreams(ExecutableOptions options, IExecutableCalls calls, IItemSink sink)
    {
        _lines = new LineSplitter(options.Encoding, _answers.Enqueue);
        _errorLines = new LineSplitter(
            options.Encoding,
            line =>
            {
                _lastErrors.Enqueue(line);
                if (_lastErrors.Count > MostErrorsKept)
                {
                    _lastErrors.Dequeue();
                }

                calls.Report(sink, CurrentInput, new ProgramReport(ReportKind.ErrorLine, line));
            },
            carriageReturnEnds: true);
    }

    /// <summary>The item that the worker is on; null between items.</summary>
    public object? CurrentInput { get; set; }

    /// <summary>Whether nothing has come since this was last cleared.</summary>
    public bool IsQuiet { get; set; }

    public int AnswerCount => _answers.Count;

    public IReadOnlyList<string> LastErrors => [.. _lastErrors];

    public string TakeAnswer() => _answers.Dequeue();

    public void Output(ReadOnlySpan<byte> data) => _lines.Add(data);

    public void Error(ReadOnlySpan<byte> data) => _errorLines.Add(data);

    public void Idle() => IsQuiet = true;

    public void End()
    {
        _lines.Flush();
        _errorLines.Flush();
    }
}
