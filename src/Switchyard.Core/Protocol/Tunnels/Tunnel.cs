namespace Switchyard.Core.Protocol.Tunnels;

/// <summary>
/// Streams that share a connection with its frames: a far worker reaches its caller in no other way. The worker opens them, each to a service that the
/// caller offers it; either side ends them.
/// </summary>
internal sealed class Tunnel(FrameStream frames)
{
    /// <summary>How many streams there may be at a time: as many threads serve them.</summary>
    public const int MostStreams = 256;

    private readonly object _lock = new();

    // Streams are opened in the order of their numbers. Never taken by the thread that receives.
    private readonly object _openLock = new();
    private readonly Dictionary<ulong, TunnelStream> _streams = [];
    private IReadOnlyDictionary<string, TunnelService> _services = new Dictionary<string, TunnelService>();
    private ulong _lastId;
    private bool _isClosed;

    /// <summary>Of a worker: what it may send of records. Null on the caller's side, which opens no streams and accepts them.</summary>
    public RecordWindow? Records { get; init; }

    /// <summary>Of a worker: whether its caller takes streams in this batch.</summary>
    public bool IsOffered { get; set; }

    /// <summary>How many streams there are, with those of which one side has not heard the end. A snapshot.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>Opens a stream to a service of the caller.</summary>
    /// <exception cref="IOException">The connection has ended, or there are too many streams.</exception>
    public TunnelStream Open(string service, string argument)
    {
        lock (_openLock)
        {
            TunnelStream stream;
            lock (_lock)
            {
                if (_isClosed)
                {
                    throw new IOException(Messages.ConnectionEnded);
                }

                if (_streams.Count >= MostStreams)
                {
                    throw new IOException(MessageText.Format(Messages.TunnelFull, MostStreams));
                }

                stream = Add(++_lastId);
            }

            WireWriter writer = new();
            writer.WriteVariable(stream.Id);
            writer.WriteString(service);
            writer.WriteString(argument);
            frames.Write(FrameKind.TunnelOpen, writer);
            return stream;
        }
    }

    /// <summary>From now on the worker can open streams to these, and to no others.</summary>
    public void Offer(IReadOnlyDictionary<string, TunnelService> services)
    {
        lock (_lock)
        {
            _services = services;
        }
    }

    /// <summary>Offers nothing any more, and ends all streams that there are.</summary>
    public void EndAll()
    {
        TunnelStream[] streams;
        lock (_lock)
        {
            _services = new Dictionary<string, TunnelService>();
            streams = [.. _streams.Values];
        }

        Array.ForEach(streams, stream => stream.End(Messages.TunnelBatchOver));
    }

    /// <summary>Whether a frame is of a tunnel.</summary>
    public static bool Has(FrameKind kind) => kind is >= FrameKind.TunnelOpen and <= FrameKind.TunnelWindow;

    /// <summary>Takes a frame. On the thread that receives: at a worker this writes nothing and does not wait.</summary>
    /// <exception cref="MalformedFrameException">It does not follow from what was said before.</exception>
    public void Receive(FrameKind kind, WireReader reader)
    {
        ulong id = reader.ReadVariable();
        if (kind == FrameKind.TunnelOpen)
        {
            Accept(id, reader.ReadText(), reader.ReadText());
        }
        else if (id == 0 && kind == FrameKind.TunnelWindow && Records is not null)
        {
            Records.Add(reader.ReadVariable());
        }
        else
        {
            Receive(Find(id), kind, reader);
        }

        if (reader.Remaining > 0)
        {
            throw Unasked();
        }
    }

    /// <summary>The connection has ended: so have all streams.</summary>
    public void Close()
    {
        TunnelStream[] streams;
        lock (_lock)
        {
            _isClosed = true;
            streams = [.. _streams.Values];
            _streams.Clear();
        }

        Array.ForEach(streams, stream => stream.Break(Messages.ConnectionEnded));
        Records?.Close();
    }

    private static MalformedFrameException Unasked() => new(Messages.TunnelFrameUnasked);

    private void Receive(TunnelStream stream, FrameKind kind, WireReader reader)
    {
        switch (kind)
        {
            case FrameKind.TunnelData:
                stream.Receive(reader.ReadRaw(reader.Remaining));
                break;
            case FrameKind.TunnelWindow:
                stream.AddCredit(reader.ReadVariable());
                break;
            default:
                if (stream.ReceiveEnd(reader.ReadString()))
                {
                    Forget(stream);
                }

                break;
        }
    }

    private TunnelStream Find(ulong id)
    {
        lock (_lock)
        {
            return _streams.GetValueOrDefault(id) ?? throw Unasked();
        }
    }

    private void Forget(TunnelStream stream)
    {
        lock (_lock)
        {
            _streams.Remove(stream.Id);
        }
    }

    private TunnelStream Add(ulong id)
    {
        TunnelStream stream = new(id, frames, Forget);
        _streams.Add(id, stream);
        return stream;
    }

    private void Accept(ulong id, string name, string argument)
    {
        TunnelStream stream;
        TunnelService? service;
        lock (_lock)
        {
            // Twice as many, as one may be opened while the end of another is still to come.
            if (Records is not null || id <= _lastId || _streams.Count >= 2 * MostStreams)
            {
                throw Unasked();
            }

            _lastId = id;
            stream = Add(id);
            service = _services.GetValueOrDefault(name);
        }

        if (service is null)
        {
            // The caller's side may write here: a worker always reads.
            stream.End(MessageText.Format(Messages.TunnelServiceUnknown, name));
            return;
        }

        try
        {
            new Thread(() => Serve(stream, service, argument)) { IsBackground = true, Name = "Switchyard stream" }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            stream.End(Messages.ThreadNotStarted);
        }
    }

    private static void Serve(TunnelStream stream, TunnelService service, string argument)
    {
        string? failure = null;
        try
        {
            service(stream, argument);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the worker's that has opened the stream, and must not end this process.
            failure = exception.Message;
        }

        stream.End(failure);
    }
}
