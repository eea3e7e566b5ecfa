namespace Switchyard.Core.Protocol.Tunnels;

/// <summary>
/// How much of records may be on its way to a caller that takes them later. Without it records that are not taken would fill the connection, and
/// the streams that share it would stand still.
/// </summary>
internal sealed class RecordWindow
{
    /// <summary>The most bytes that may be on their way before a frame of records is sent, whatever that brings.</summary>
    public const int Length = 4 * 1024 * 1024;

    /// <summary>What a frame counts besides what is in it, so that small ones cannot be without number.</summary>
    public const int FrameCost = 256;

    private readonly object _lock = new();
    private long _left = Length;
    private bool _isClosed;

    /// <summary>Waits until a frame may be sent.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public void Await()
    {
        lock (_lock)
        {
            while (_left <= 0 && !_isClosed)
            {
                Monitor.Wait(_lock);
            }

            if (_isClosed)
            {
                throw new IOException(Messages.ConnectionEnded);
            }
        }
    }

    /// <summary>A frame was sent, or has arrived.</summary>
    /// <returns>False if it should not have been sent.</returns>
    public bool TrySpend(long bytes)
    {
        lock (_lock)
        {
            bool isAllowed = _left > 0;
            _left -= bytes + FrameCost;
            return isAllowed;
        }
    }

    /// <summary>What has arrived was taken.</summary>
    /// <exception cref="MalformedFrameException">So much was never sent.</exception>
    public void Add(ulong bytes)
    {
        lock (_lock)
        {
            // At most what was spent.
            if (bytes > (ulong)(Length - _left))
            {
                throw new MalformedFrameException(Messages.TunnelFrameUnasked);
            }

            _left += (long)bytes;
            Monitor.PulseAll(_lock);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
