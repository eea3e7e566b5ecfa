namespace Switchyard.Core.Protocol.Tunnels;

/// <summary>
/// One end of a stream of bytes both ways that shares a connection with others. Each side may send as much as the other one has room for, so a stream that
/// is not read keeps nothing else from coming. For one reader and one writer at a time.
/// </summary>
internal sealed class TunnelStream(ulong id, FrameStream frames, Action<TunnelStream> forget) : TwoWayStream
{
    /// <summary>How many bytes each side holds for its reader at most.</summary>
    public const int Window = 1024 * 1024;

    // Small enough that frames of items come between.
    private const int MostAtOnce = 64 * 1024;

    private readonly object _lock = new();

    // Held while a frame of this stream is written, so that none follows its end. Never taken by the thread that receives.
    private readonly object _sendLock = new();
    private readonly WireWriter _writer = new() { SendsBlobs = false };
    private readonly ByteRing _received = new();
    private int _taken;
    private int _allowed = Window;
    private int _credit = Window;
    private bool _isDisposed;
    private bool _isEndSent;
    private bool _hasEnded;
    private string? _failure;

    public ulong Id => id;

    /// <summary>Waits until reading does not wait.</summary>
    public bool TryAwaitData(TimeSpan timeout)
    {
        lock (_lock)
        {
            return HasNews() || (Monitor.Wait(_lock, timeout) && HasNews());
        }

        bool HasNews() => _received.Count > 0 || _hasEnded || _isDisposed;
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        int free = 0;
        lock (_lock)
        {
            while (_received.Count == 0 && !_hasEnded && !_isDisposed)
            {
                Monitor.Wait(_lock);
            }

            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_received.Count == 0 && _failure is not null)
            {
                throw new IOException(_failure);
            }

            count = _received.Take(buffer);
            _taken += count;
            if (_taken >= Window / 2 && !_hasEnded)
            {
                free = _taken;
                _allowed += _taken;
                _taken = 0;
            }
        }

        if (free > 0)
        {
            SendWindow(free);
        }

        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int count = TakeCredit(Math.Min(buffer.Length, MostAtOnce));
            lock (_sendLock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                _writer.Clear();
                _writer.WriteVariable(id);
                _writer.WriteRaw(buffer[..count]);
                frames.Write(FrameKind.TunnelData, _writer);
            }

            buffer = buffer[count..];
        }
    }

    /// <summary>Ends it for both sides. What was written before still arrives.</summary>
    /// <param name="failure">What the reader at the other side is told after that; null for a plain end.</param>
    public void End(string? failure)
    {
        try
        {
            lock (_sendLock)
            {
                if (!_isEndSent)
                {
                    SendEnd(failure);
                }
            }
        }
        catch (ThreadInterruptedException)
        {
            // The item is being stopped. The other side must be told all the same: it may hold a lock for this one.
            End(failure);
            Thread.CurrentThread.Interrupt();
        }
    }

    // ---- On the thread that receives, which neither writes nor waits.

    /// <exception cref="MalformedFrameException">It is more than there is room for.</exception>
    internal void Receive(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (bytes.Length > _allowed || _hasEnded)
            {
                throw new MalformedFrameException(Messages.TunnelFrameUnasked);
            }

            _allowed -= bytes.Length;
            if (!_isDisposed)
            {
                _received.Put(bytes);
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <exception cref="MalformedFrameException">So much was never sent.</exception>
    internal void AddCredit(ulong bytes)
    {
        lock (_lock)
        {
            if (bytes > (ulong)(Window - _credit) || _hasEnded)
            {
                throw new MalformedFrameException(Messages.TunnelFrameUnasked);
            }

            _credit += (int)bytes;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The other side has ended it.</summary>
    /// <returns>Whether this side has, too.</returns>
    internal bool ReceiveEnd(string? failure)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                throw new MalformedFrameException(Messages.TunnelFrameUnasked);
            }

            _hasEnded = true;
            _failure = failure;
            Monitor.PulseAll(_lock);
            return _isDisposed;
        }
    }

    /// <summary>The connection is gone.</summary>
    internal void Break(string failure)
    {
        lock (_lock)
        {
            _failure = _hasEnded ? _failure : failure;
            _hasEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            End(failure: null);
        }

        base.Dispose(disposing);
    }

    private void SendEnd(string? failure)
    {
        bool isOver;
        lock (_lock)
        {
            _isDisposed = true;
            _received.Clear();
            isOver = _hasEnded;
            Monitor.PulseAll(_lock);
        }

        try
        {
            _writer.Clear();
            _writer.WriteVariable(id);
            _writer.WriteString(failure);
            frames.Write(FrameKind.TunnelEnd, _writer);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // Then it has ended with the connection.
            Debug.WriteLine(exception);
        }

        _isEndSent = true;
        if (isOver)
        {
            forget(this);
        }
    }

    private void SendWindow(int bytes)
    {
        lock (_sendLock)
        {
            if (!_isDisposed)
            {
                _writer.Clear();
                _writer.WriteVariable(id);
                _writer.WriteVariable((ulong)bytes);
                frames.Write(FrameKind.TunnelWindow, _writer);
            }
        }
    }

    private int TakeCredit(int wanted)
    {
        lock (_lock)
        {
            while (_credit == 0 && !_hasEnded && !_isDisposed)
            {
                Monitor.Wait(_lock);
            }

            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_hasEnded)
            {
                throw new IOException(_failure ?? Messages.TunnelEnded);
            }

            int count = Math.Min(wanted, _credit);
            _credit -= count;
            return count;
        }
    }
}
