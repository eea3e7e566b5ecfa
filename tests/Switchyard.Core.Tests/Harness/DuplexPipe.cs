using Switchyard.Core.Protocol;

namespace Switchyard.Core.Harness;

/// <summary>Two streams in memory: what is written to one is read from the other. Closing either ends both.</summary>
internal sealed class DuplexPipe
{
    private readonly Way _there;
    private readonly Way _back;

    /// <param name="room">How many bytes may be on their way before a write has to wait; 0 if a write ends only when all of it was read.</param>
    public DuplexPipe(int room = int.MaxValue)
    {
        (_there, _back) = (new Way(room), new Way(room));
        Near = new End(_back, _there);
        Far = new End(_there, _back);
    }

    public Stream Near { get; }

    public Stream Far { get; }

    /// <summary>Ends both ways at once, as the death of a process does: what was written before can still be read.</summary>
    public void Cut()
    {
        _there.Close();
        _back.Close();
    }

    /// <summary>Bytes on their way, one after another.</summary>
    private sealed class Way(int room)
    {
        private readonly object _lock = new();
        private readonly Queue<byte[]> _chunks = [];
        private int _offset;
        private bool _isClosed;

        public void Write(ReadOnlySpan<byte> data)
        {
            lock (_lock)
            {
                while (!_isClosed && room > 0 && _chunks.Sum(chunk => chunk.Length) - _offset >= room)
                {
                    Monitor.Wait(_lock);
                }

                if (_isClosed)
                {
                    throw new IOException("The other end is closed.");
                }

                _chunks.Enqueue(data.ToArray());
                Monitor.PulseAll(_lock);
                while (!_isClosed && room == 0 && _chunks.Count > 0)
                {
                    Monitor.Wait(_lock);
                }
            }
        }

        public int Read(Span<byte> data)
        {
            lock (_lock)
            {
                while (_chunks.Count == 0 && !_isClosed)
                {
                    Monitor.Wait(_lock);
                }

                if (_chunks.Count == 0)
                {
                    return 0;
                }

                byte[] chunk = _chunks.Peek();
                int count = Math.Min(data.Length, chunk.Length - _offset);
                chunk.AsSpan(_offset, count).CopyTo(data);
                _offset += count;
                if (_offset == chunk.Length)
                {
                    _chunks.Dequeue();
                    _offset = 0;
                    Monitor.PulseAll(_lock);
                }

                return count;
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

    private sealed class End(Way from, Way to) : TwoWayStream
    {
        public override int Read(Span<byte> buffer) => from.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => to.Write(buffer);

        protected override void Dispose(bool disposing)
        {
            from.Close();
            to.Close();
            base.Dispose(disposing);
        }
    }
}
