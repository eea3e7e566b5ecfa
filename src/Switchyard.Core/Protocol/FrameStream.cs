using System.Buffers.Binary;

namespace Switchyard.Core.Protocol;

/// <summary>
/// Frames over a stream of bytes, both ways. Any thread may write, a frame at a time; one thread reads. A frame is a length, a kind and
/// a content; large byte arrays go before it as frames of their own, straight from where they are to where they will be.
/// </summary>
internal sealed class FrameStream : IDisposable
{
    /// <summary>
    /// What the worker's end of a connection begins with. Whatever comes before it is noise: of a login script, of a terminal.
    /// </summary>
    private static readonly byte[] _magic = [0x01, (byte)'s', (byte)'w', (byte)'y', (byte)'a', (byte)'r', (byte)'d', 0x02];

    // A login script may write much, but not without end.
    private const int MaxNoise = 1024 * 1024;
    private const int MaxNoiseKept = 1000;
    private const int MaxNoiseLines = 4;
    private const int ReadAtOnce = 64 * 1024;

    // Over a slow way this much is underway for seconds, and a megabyte for as long as an end that is gone is waited for.
    private const int WriteAtOnce = 128 * 1024;

    private readonly Stream _stream;
    private readonly object _writeLock = new();
    private readonly byte[] _header = new byte[FrameLimits.HeaderLength];
    private readonly List<byte[]> _blobs = [];
    private readonly List<byte> _noise = [];
    private byte[] _buffer = new byte[ReadAtOnce];
    private int _start;
    private int _end;
    private long _blobBytes;
    private int _maxLength = FrameLimits.MaxLength;
    private long _writingSince;
    private long _heardAt;
    private long _takenAt = Stopwatch.GetTimestamp();

    public FrameStream(Stream stream) => _stream = stream;

    /// <summary>Where the content of the frame that was read last begins in <see cref="Buffer"/>.</summary>
    public int ContentStart { get; private set; }

    public int ContentLength { get; private set; }

    /// <summary>Holds the content until the next frame is read.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Whether another frame has arrived, at least in part, and reading it will hardly wait.</summary>
    public bool HasMore => _end > _start;

    /// <summary>Since when the other end has taken nothing of what is being written; 0 if nothing is. On any thread.</summary>
    public long WritingSince => Volatile.Read(ref _writingSince);

    /// <summary>When the other end sent anything last, be it a part of a frame; 0 if it never has. On any thread.</summary>
    public long HeardAt => Volatile.Read(ref _heardAt);

    /// <summary>When the other end took anything last; when this was made, if it never has. On any thread.</summary>
    public long TakenAt => Volatile.Read(ref _takenAt);

    /// <summary>Whether an exception says that a connection is of no more use.</summary>
    internal static bool IsConnectionLost(Exception exception) =>
        exception is IOException or ObjectDisposedException or MalformedFrameException;

    /// <summary>The magic number and a frame without content, as bytes: what the other machine writes before it has the module.</summary>
    public static byte[] BareFrame(FrameKind kind) => [.. _magic, 0, 0, 0, 0, (byte)kind];

    /// <summary>Writes the magic number, which no frame comes before.</summary>
    public void WriteMagic()
    {
        lock (_writeLock)
        {
            WriteBytes(_magic);
        }
    }

    /// <summary>Reads on until the magic number has come by.</summary>
    /// <exception cref="MalformedFrameException">It does not come.</exception>
    /// <exception cref="EndOfStreamException">The stream ended before.</exception>
    public void SkipToMagic()
    {
        int matched = 0;
        for (int read = 0; matched < _magic.Length; read++)
        {
            if (read > MaxNoise)
            {
                throw new MalformedFrameException(Messages.AnswerNotFromWorker);
            }

            if (_start == _end)
            {
                Fill(1);
            }

            byte next = _buffer[_start++];
            if (_noise.Count < MaxNoiseKept)
            {
                _noise.Add(next);
            }

            // Its first byte comes only once in it, so a mismatch can only be its beginning again.
            matched = next == _magic[matched] ? matched + 1 : next == _magic[0] ? 1 : 0;
        }

        _noise.Clear();
    }

    /// <summary>What came instead of the magic number: the beginning, as lines.</summary>
    public IEnumerable<string> Noise() => string.Concat(Encoding.UTF8.GetString([.. _noise]).Select(letter => char.IsControl(letter) ? '\n' : letter))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MaxNoiseLines);

    /// <summary>Reads the first frame, whose sender is not trusted yet.</summary>
    public FrameKind ReadHello(WireReader reader)
    {
        _maxLength = FrameLimits.MaxHelloLength;
        FrameKind kind = Read(reader);
        _maxLength = FrameLimits.MaxLength;
        return kind;
    }

    /// <summary>Reads the next frame.</summary>
    /// <exception cref="MalformedFrameException">What comes is no frame.</exception>
    /// <exception cref="EndOfStreamException">The stream has ended.</exception>
    /// <exception cref="IOException">The stream is broken.</exception>
    public FrameKind Read(WireReader reader)
    {
        _blobs.Clear();
        _blobBytes = 0;
        while (true)
        {
            Fill(FrameLimits.HeaderLength);
            int length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
            FrameKind kind = (FrameKind)_buffer[_start + sizeof(int)];
            if (length < 0 || length > _maxLength || !Enum.IsDefined(kind))
            {
                throw new MalformedFrameException(Messages.FrameUnknown);
            }

            _start += FrameLimits.HeaderLength;
            if (kind == FrameKind.Blob)
            {
                ReadBlob(length);
                continue;
            }

            Fill(length);
            ContentStart = _start;
            ContentLength = length;
            _start += length;
            reader.Reset(_buffer, ContentStart, length, _blobs);
            return kind;
        }
    }

    /// <summary>Takes the large arrays that came with the last frame, to be read later.</summary>
    internal IReadOnlyList<byte[]> TakeBlobs() => _blobs.Count == 0 ? [] : [.. _blobs];

    /// <summary>Writes a frame. Blocks while the other end does not read.</summary>
    /// <exception cref="IOException">The stream is broken.</exception>
    public void Write(FrameKind kind, WireWriter content)
    {
        lock (_writeLock)
        {
            WriteInside(kind, content);
        }
    }

    /// <summary>Writes bytes as one frame, for a reader that knows of no others.</summary>
    public void WriteWhole(FrameKind kind, byte[] content)
    {
        lock (_writeLock)
        {
            WriteHeader(kind, content.Length);
            WriteBytes(content);
        }
    }

    public void Write(FrameKind kind)
    {
        lock (_writeLock)
        {
            WriteHeader(kind, 0);
        }
    }

    /// <summary>Writes a frame without content, unless another one is being written: then the other end hears from this one anyway.</summary>
    public void TryWrite(FrameKind kind)
    {
        if (Monitor.TryEnter(_writeLock))
        {
            try
            {
                WriteHeader(kind, 0);
            }
            finally
            {
                Monitor.Exit(_writeLock);
            }
        }
    }

    public void Dispose() => _stream.Dispose();

    private void WriteInside(FrameKind kind, WireWriter content)
    {
        foreach (byte[] blob in content.Blobs)
        {
            WriteHeader(FrameKind.Blob, blob.Length);
            WriteBytes(blob);
        }

        WriteBytes(content.Seal(kind));
    }

    private void WriteHeader(FrameKind kind, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_header, length);
        _header[sizeof(int)] = (byte)kind;
        WriteBytes(_header);
    }

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            for (; bytes.Length > 0; bytes = bytes[Math.Min(WriteAtOnce, bytes.Length)..])
            {
                Volatile.Write(ref _writingSince, Stopwatch.GetTimestamp());
                _stream.Write(bytes[..Math.Min(WriteAtOnce, bytes.Length)]);
                Volatile.Write(ref _takenAt, Stopwatch.GetTimestamp());
            }

            _stream.Flush();
        }
        finally
        {
            Volatile.Write(ref _writingSince, 0);
        }
    }

    private void ReadBlob(int length)
    {
        _blobBytes += length;
        if (length < FrameLimits.MinBlobLength || _blobBytes > FrameLimits.MaxLength)
        {
            throw new MalformedFrameException(Messages.FrameUnknown);
        }

        // Not zeroed first: it is filled or dropped.
        byte[] blob = GC.AllocateUninitializedArray<byte>(length);
        int have = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(blob);
        _start += have;
        while (have < length)
        {
            have += Receive(blob.AsSpan(have));
        }

        _blobs.Add(blob);
    }

    /// <summary>Reads until there are so many bytes in the buffer.</summary>
    private void Fill(int count)
    {
        while (_end - _start < count)
        {
            if (_end == _buffer.Length || _start == _end)
            {
                MakeRoom(count);
            }

            _end += Receive(_buffer.AsSpan(_end));
        }
    }

    private int Receive(Span<byte> room)
    {
        int read = _stream.Read(room);
        if (read == 0)
        {
            throw new EndOfStreamException(Messages.ConnectionEnded);
        }

        Volatile.Write(ref _heardAt, Stopwatch.GetTimestamp());
        return read;
    }

    private void MakeRoom(int count)
    {
        int have = _end - _start;

        // Grown as bytes come: the sender of the length may send nothing more.
        int wanted = (int)Math.Max(ReadAtOnce, Math.Min(count, have * 2L));
        byte[] room = wanted > _buffer.Length || (_buffer.Length > ReadAtOnce && wanted == ReadAtOnce) ? new byte[wanted] : _buffer;
        _buffer.AsSpan(_start, have).CopyTo(room);
        _buffer = room;
        _start = 0;
        _end = have;
    }
}
