using System.Text.Json;
using Switchyard.Core.Files;
using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>Reads a journal line by line, also while it is being written: a line that has no end yet is not read before it has one.</summary>
internal sealed class JournalReader : IDisposable
{
    private const int ReadAtOnce = 64 * 1024;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly JournalLineReader _lines;
    private byte[] _buffer = new byte[ReadAtOnce];
    private int _start;
    private int _end;
    private int _searched;
    private JournalException? _badStart;

    private JournalReader(string path, FileStream stream, bool keysOnly)
    {
        _path = path;
        _stream = stream;
        _lines = new JournalLineReader(keysOnly);
    }

    /// <summary>Told of each line that cannot be read, which is then passed over; null if such a line is an exception.</summary>
    public Action<JournalException>? Damaged { get; set; }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>How many bytes the lines that were read take.</summary>
    public long Position { get; private set; }

    /// <summary>What follows and has no end: of a run that is writing it, or that was ended while it did. There until the next read.</summary>
    public ReadOnlySpan<byte> TornTail => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Opens a journal.</summary>
    /// <param name="keysOnly">Whether of an item only what it is known by and how it ended is wanted.</param>
    /// <exception cref="JournalException">It cannot be opened.</exception>
    public static JournalReader Open(string path, bool keysOnly = false)
    {
        try
        {
            FileStream stream = BusyFile.Use(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1));
            return new JournalReader(path, stream, keysOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalProblem.NotReadable, path, exception.Message, inner: exception);
        }
    }

    /// <summary>Reads the next line.</summary>
    /// <returns>False if no whole line is there, for now.</returns>
    /// <exception cref="JournalException">What is there is no line of a journal.</exception>
    public bool TryRead(out JournalLine line)
    {
        while (true)
        {
            int found = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                int end = _searched + found;
                ReadOnlySpan<byte> text = _buffer.AsSpan(_start, end - _start);
                _start = _searched = end + 1;
                if (TryParse(text, out line))
                {
                    Position += text.Length + 1;
                    return true;
                }

                Position += text.Length + 1;
                continue;
            }

            _searched = _end;
            if (!TryFill())
            {
                line = default;
                return _badStart is { } bad ? throw bad : false;
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool TryFill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        int read;
        try
        {
            read = BusyFile.Use(() => _stream.Read(_buffer, _end, _buffer.Length - _end));
        }
        catch (IOException exception)
        {
            throw new JournalException(JournalProblem.NotReadable, _path, exception.Message, inner: exception);
        }

        _end += read;
        return read > 0;
    }

    private bool TryParse(ReadOnlySpan<byte> text, out JournalLine line)
    {
        try
        {
            line = Parse(text);
        }
        catch (JournalException exception) when (Damaged is not null && exception.Problem is not JournalProblem.NewerVersion)
        {
            line = default;
            if (_badStart is not null)
            {
                throw _badStart;
            }

            // Some other file, unless a journal's line follows.
            if (LineNumber == 1)
            {
                _badStart = exception;
            }
            else
            {
                Damaged(exception);
            }

            return false;
        }

        if (_badStart is { } bad)
        {
            _badStart = null;
            Damaged!(new JournalException(JournalProblem.Damaged, _path, bad.Detail, bad.Line, bad));
        }

        return true;
    }

    private JournalLine Parse(ReadOnlySpan<byte> text)
    {
        LineNumber++;
        try
        {
            JournalLine line = _lines.Read(text, out int version);
            if (version > JournalJson.Version)
            {
                throw new JournalException(JournalProblem.NewerVersion, _path, $"{version} > {JournalJson.Version}", LineNumber);
            }

            return LineNumber > 1 || line.Run is not null ? line : throw new JsonException(Messages.JournalWithoutRun);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            JournalProblem problem = LineNumber == 1 ? JournalProblem.NotAJournal : JournalProblem.Damaged;
            throw new JournalException(problem, _path, exception.Message, LineNumber, exception);
        }
    }
}
