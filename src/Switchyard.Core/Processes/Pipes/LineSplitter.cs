namespace Switchyard.Core.Processes.Pipes;

/// <summary>
/// Makes lines of the bytes that a child writes, as they come: characters and line ends may be split anywhere. A line ends at
/// <c>\n</c> or <c>\r\n</c>; a <c>\r</c> elsewhere is part of it, unless it ends lines too, as it does for those that draw progress.
/// They often go back before they draw, so a <c>\r</c> by itself that ends nothing makes no empty line.
/// </summary>
internal sealed class LineSplitter
{
    private const int DefaultMaxLength = 256 * 1024 * 1024;
    private const int BytesAtATime = 8192;

    private readonly Action<string> _handOn;
    private readonly Decoder _decoder;
    private readonly bool _carriageReturnEnds;
    private readonly int _maxLength;
    private readonly int _charactersAtATime;
    private StringBuilder _line = new();
    private byte[]? _preamble;
    private int _preambleSeen;
    private char[] _characters = [];

    // The last character was a return, and what it means depends on the next.
    private bool _returnWaits;
    private bool _returnEndedLine;

    public LineSplitter(Encoding encoding, Action<string> handOn, bool carriageReturnEnds = false, int maxLength = DefaultMaxLength)
    {
        _decoder = encoding.GetDecoder();
        _handOn = handOn;
        _carriageReturnEnds = carriageReturnEnds;
        _maxLength = maxLength;
        _charactersAtATime = encoding.GetMaxCharCount(BytesAtATime);

        // UTF-8 without a mark is what UTF-8 is; a child that writes one all the same means no character by it.
        _preamble = encoding.CodePage == Encoding.UTF8.CodePage ? Encoding.UTF8.GetPreamble() : encoding.GetPreamble();
    }

    /// <summary>Takes bytes, and hands on the lines that they end.</summary>
    /// <exception cref="LineTooLongException">A line is longer than allowed.</exception>
    public void Add(ReadOnlySpan<byte> data)
    {
        data = SkipPreamble(data);
        if (_characters.Length == 0 && data.Length > 0)
        {
            _characters = new char[_charactersAtATime];
        }

        while (data.Length > 0)
        {
            ReadOnlySpan<byte> some = data[..Math.Min(BytesAtATime, data.Length)];
            int count = _decoder.GetChars(some, _characters, flush: false);
            Split(_characters.AsSpan(0, count));
            data = data[some.Length..];
        }
    }

    /// <summary>Hands on a last line that was not ended.</summary>
    public void Flush()
    {
        if (_preamble is { } preamble && _preambleSeen > 0 && _preambleSeen < preamble.Length)
        {
            // Began like a mark and was none.
            _preamble = null;
            Add(preamble.AsSpan(0, _preambleSeen));
        }

        Split(_characters.AsSpan(0, _decoder.GetChars([], _characters, flush: true)));
        if (_returnWaits && !_carriageReturnEnds)
        {
            Append("\r");
        }

        _returnWaits = false;
        if (_line.Length > 0)
        {
            EndLine([]);
        }
    }

    private ReadOnlySpan<byte> SkipPreamble(ReadOnlySpan<byte> data)
    {
        while (_preamble is { } preamble && data.Length > 0)
        {
            if (_preambleSeen == preamble.Length)
            {
                _preamble = null;
            }
            else if (data[0] == preamble[_preambleSeen])
            {
                _preambleSeen++;
                data = data[1..];
            }
            else
            {
                _preamble = null;
                Add(preamble.AsSpan(0, _preambleSeen));
            }
        }

        return data;
    }

    private void Split(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (_returnWaits)
            {
                text = SettleReturn(text);
                continue;
            }

            int end = _carriageReturnEnds ? text.IndexOfAny('\n', '\r') : text.IndexOf('\n');
            ReadOnlySpan<char> part = end < 0 ? text : text[..end];
            bool endsWithReturn = !_carriageReturnEnds && part.EndsWith("\r");
            part = endsWithReturn ? part[..^1] : part;
            if (end < 0)
            {
                Append(part);
                _returnWaits = endsWithReturn;
                return;
            }

            _returnWaits = text[end] == '\r';
            _returnEndedLine = _line.Length + part.Length > 0;
            text = text[(end + 1)..];
            if (!_returnWaits || _returnEndedLine)
            {
                EndLine(part);
            }
        }
    }

    /// <summary>Decides what a return at the end of what came before was.</summary>
    private ReadOnlySpan<char> SettleReturn(ReadOnlySpan<char> text)
    {
        _returnWaits = false;
        bool isPair = text[0] == '\n';
        if (isPair && !(_carriageReturnEnds && _returnEndedLine))
        {
            EndLine([]);
        }
        else if (!isPair && !_carriageReturnEnds)
        {
            Append("\r");
        }

        return isPair ? text[1..] : text;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        CheckLength(text.Length);
        _line.Append(text);
    }

    private void EndLine(ReadOnlySpan<char> rest)
    {
        if (_line.Length == 0)
        {
            CheckLength(rest.Length);
            _handOn(rest.ToString());
            return;
        }

        Append(rest);
        string line = _line.ToString();
        if (line.Length > BytesAtATime)
        {
            // A long one's memory is not kept for those that follow.
            _line = new StringBuilder();
        }
        else
        {
            _line.Clear();
        }

        _handOn(line);
    }

    private void CheckLength(int more)
    {
        if (more > _maxLength - _line.Length)
        {
            throw new LineTooLongException(string.Create(
                CultureInfo.InvariantCulture,
                $"a line of more than {_maxLength} characters. If it is no text, take it as bytes (-AsByteStream)."));
        }
    }
}
