using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>
/// Reads all that a far worker sends, on a thread of its own: the streams that it has opened go on whatever its items wait for, and while it has none. What is
/// of items is kept for the thread that wants it; how much that can be is limited by a <see cref="RecordWindow"/>.
/// </summary>
/// <param name="kill">Ends a worker that does not follow the protocol.</param>
internal sealed class FarFrames(FrameStream frames, Action kill)
{
    // Other frames than records come one for each that was sent to the worker.
    private const int MostFrames = (RecordWindow.Length / RecordWindow.FrameCost) + 1000;

    private readonly object _lock = new();
    private readonly Queue<(FrameKind Kind, byte[] Content, IReadOnlyList<byte[]> Blobs)> _received = [];
    private readonly RecordWindow _window = new();
    private readonly WireWriter _writer = new();
    private long _taken;
    private Exception? _end;

    public Tunnel Tunnel { get; } = new(frames);

    public void Start() => new Thread(Receive) { IsBackground = true, Name = "Switchyard far frames" }.Start();

    /// <summary>Waits for a frame that is of no stream. What had come before the connection ended comes first.</summary>
    public FrameKind Read(WireReader reader)
    {
        Grant();
        (FrameKind Kind, byte[] Content, IReadOnlyList<byte[]> Blobs) frame;
        lock (_lock)
        {
            while (!_received.TryDequeue(out frame))
            {
                if (_end is not null)
                {
                    throw _end;
                }

                Monitor.Wait(_lock);
            }
        }

        _taken += frame.Kind == FrameKind.Records ? RecordWindow.FrameCost + CostOf(frame.Content, frame.Blobs) : 0;
        reader.Reset(frame.Content, 0, frame.Content.Length, frame.Blobs);
        return frame.Kind;
    }

    private static long CostOf(byte[] content, IReadOnlyList<byte[]> blobs) => content.Length + blobs.Sum(blob => (long)blob.Length);

    private void Grant()
    {
        if (_taken < RecordWindow.Length / 2)
        {
            return;
        }

        _writer.Clear();
        _writer.WriteVariable(0);
        _writer.WriteVariable((ulong)_taken);
        _window.Add((ulong)_taken);
        _taken = 0;
        try
        {
            frames.Write(FrameKind.TunnelWindow, _writer);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // What it has sent before is still to be taken.
            Debug.WriteLine(exception);
        }
    }

    private void Receive()
    {
        Exception end;
        WireReader reader = new();
        try
        {
            while (true)
            {
                FrameKind kind = frames.Read(reader);
                if (Tunnel.Has(kind))
                {
                    Tunnel.Receive(kind, reader);
                }
                else
                {
                    Keep(kind);
                }
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            end = exception;
        }
        catch (Exception exception)
        {
            // Whatever it is, it is one worker's and must not end this process.
            end = new MalformedFrameException(exception.Message, exception);
        }

        lock (_lock)
        {
            _end = end;
            Monitor.PulseAll(_lock);
        }

        Tunnel.Close();
        if (end is MalformedFrameException)
        {
            kill();
        }
    }

    private void Keep(FrameKind kind)
    {
        byte[] content = frames.Buffer.AsSpan(frames.ContentStart, frames.ContentLength).ToArray();
        IReadOnlyList<byte[]> blobs = frames.TakeBlobs();
        bool isAllowed = kind != FrameKind.Records || _window.TrySpend(CostOf(content, blobs));
        lock (_lock)
        {
            if (!isAllowed || _received.Count > MostFrames)
            {
                throw new MalformedFrameException(Messages.TunnelFrameUnasked);
            }

            // One heartbeat that was not taken yet is enough.
            if (kind != FrameKind.Heartbeat || _received.Count == 0)
            {
                _received.Enqueue((kind, content, blobs));
                Monitor.PulseAll(_lock);
            }
        }
    }
}
