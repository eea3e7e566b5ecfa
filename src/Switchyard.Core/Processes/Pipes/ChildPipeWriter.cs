namespace Switchyard.Core.Processes.Pipes;

/// <summary>
/// Writes a child's input on a thread of its own, out of one buffer, so that filling the buffer never waits for the child.
/// </summary>
/// <remarks>All members but the constructor and <see cref="Start"/> are called inside the lock.</remarks>
internal sealed class ChildPipeWriter(Stream stream, object sync)
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _stream = stream;
    private readonly object _lock = sync;
    private byte[] _filling = GC.AllocateUninitializedArray<byte>(BufferSize);
    private byte[] _writing = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _length;
    private bool _isLast;
    private bool _isBroken;

    /// <summary>Whether <see cref="Write"/> would return something else than 0.</summary>
    public bool IsReady => _isBroken || _isLast || _length < BufferSize;

    public void Start(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Takes as much as there is room for.</summary>
    /// <returns>How many were taken; -1 if none will be any more.</returns>
    public int Write(ReadOnlySpan<byte> data)
    {
        if (_isBroken || _isLast)
        {
            return -1;
        }

        int taken = Math.Min(data.Length, BufferSize - _length);
        data[..taken].CopyTo(_filling.AsSpan(_length));
        _length += taken;
        Monitor.PulseAll(_lock);
        return taken;
    }

    /// <summary>Closes the stream once all that was taken has been written.</summary>
    public void Complete()
    {
        _isLast = true;
        Monitor.PulseAll(_lock);
    }

    /// <summary>Closes the stream at once, whatever was not written.</summary>
    public void Close()
    {
        _isBroken = true;
        Complete();
        _stream.Dispose();
    }

    private void Run()
    {
        try
        {
            while (Next() is > 0 and int length)
            {
                _stream.Write(_writing, 0, length);
                _stream.Flush();
            }

            _stream.Dispose();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // A child need not read its input to the end.
            Break();
        }
    }

    private int Next()
    {
        lock (_lock)
        {
            while (_length == 0 && !_isLast)
            {
                Monitor.Wait(_lock);
            }

            int length = _isBroken ? 0 : _length;
            (_filling, _writing) = (_writing, _filling);
            _length = 0;
            Monitor.PulseAll(_lock);
            return length;
        }
    }

    private void Break()
    {
        lock (_lock)
        {
            _isBroken = true;
            Monitor.PulseAll(_lock);
        }

        _stream.Dispose();
    }
}
