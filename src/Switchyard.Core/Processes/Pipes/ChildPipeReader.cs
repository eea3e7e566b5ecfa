namespace Switchyard.Core.Processes.Pipes;

/// <summary>
/// Reads one of a child's streams on a thread of its own, one buffer ahead of the thread that takes it. A child that floods it waits in its
/// own write until the last buffer has been given back.
/// </summary>
/// <remarks>All members but the constructor and <see cref="Start"/> are called inside the lock.</remarks>
internal sealed class ChildPipeReader(Stream stream, object sync)
{
    private const int BufferSize = 16 * 1024;

    private readonly Stream _stream = stream;
    private readonly object _lock = sync;
    private byte[] _front = GC.AllocateUninitializedArray<byte>(BufferSize);
    private byte[] _back = GC.AllocateUninitializedArray<byte>(BufferSize);
    private int _length;
    private bool _isTaken;
    private bool _hasEnded;
    private bool _isClosed;

    public bool IsOpen { get; private set; } = true;

    public ReadOnlySpan<byte> Data => _front.AsSpan(0, _length);

    public void Start(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Takes the next buffer, or the end, of which it tells once.</summary>
    public bool TryTake(out bool isEnd)
    {
        isEnd = _length == 0;
        if (!isEnd)
        {
            _isTaken = true;
            return true;
        }

        bool isNews = IsOpen && _hasEnded;
        IsOpen &= !isNews;
        return isNews;
    }

    /// <summary>Gives back what was taken; its buffer is the next to be filled.</summary>
    public void Release()
    {
        if (_isTaken)
        {
            _isTaken = false;
            _length = 0;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>
    /// Reads no more. While another process holds the other end open, a read keeps its thread.
    /// </summary>
    public void Close()
    {
        _isClosed = true;
        Monitor.PulseAll(_lock);
        _stream.Dispose();
    }

    private void Run()
    {
        while (Read() is > 0 and int read && HandOver(read))
        {
        }

        _stream.Dispose();
        lock (_lock)
        {
            _hasEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    private int Read()
    {
        try
        {
            return _stream.Read(_back, 0, _back.Length);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Closed here, or broken there: nothing more will come.
            return 0;
        }
    }

    private bool HandOver(int read)
    {
        lock (_lock)
        {
            while (_length > 0 && !_isClosed)
            {
                Monitor.Wait(_lock);
            }

            if (_isClosed)
            {
                return false;
            }

            (_front, _back) = (_back, _front);
            _length = read;
            Monitor.PulseAll(_lock);
            return true;
        }
    }
}
