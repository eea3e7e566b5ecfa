namespace Switchyard.Core.Processes.Pipes;

/// <summary>
/// Reads what is no UTF-8 in the encoding of the console. A worker writes UTF-8, but what it starts there without reading it does not.
/// </summary>
internal sealed class CodePageFallback(Encoding encoding) : DecoderFallback
{
    // Bytes of a character that was not one.
    public override int MaxCharCount => encoding.GetMaxCharCount(4);

    /// <summary>UTF-8, and where that is not what is there the encoding of programs.</summary>
    public static Encoding CreateEncoding() => ProgramEncoding.Default is { CodePage: not 65001 } other
        ? Encoding.GetEncoding(Encoding.UTF8.CodePage, EncoderFallback.ReplacementFallback, new CodePageFallback(other))
        : Encoding.UTF8;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(encoding);

    private sealed class Buffer(Encoding encoding) : DecoderFallbackBuffer
    {
        private string _text = string.Empty;
        private int _next;

        public override int Remaining => _text.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _text = encoding.GetString(bytesUnknown);
            _next = 0;
            return _text.Length > 0;
        }

        public override char GetNextChar() => _next < _text.Length ? _text[_next++] : '\0';

        public override bool MovePrevious() => _next > 0 && --_next >= 0;

        public override void Reset() => _next = _text.Length;
    }
}
