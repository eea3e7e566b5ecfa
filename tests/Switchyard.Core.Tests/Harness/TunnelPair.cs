using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;

namespace Switchyard.Core.Harness;

/// <summary>A worker's tunnel and its caller's, over a connection whose writes end only when they were read.</summary>
internal sealed class TunnelPair : IDisposable
{
    private readonly DuplexPipe _pipe = new(room: 0);
    private readonly Thread[] _receivers;

    public TunnelPair(IReadOnlyDictionary<string, TunnelService> services)
    {
        WorkerFrames = new FrameStream(_pipe.Far);
        FrameStream near = new(_pipe.Near);
        Worker = new Tunnel(WorkerFrames) { Records = Records };
        Caller = new Tunnel(near);
        Caller.Offer(services);
        _receivers =
        [
            Bounded.Start("caller receives", () => Receive(near, Caller)),
            Bounded.Start("worker receives", () => Receive(WorkerFrames, Worker)),
        ];
    }

    public Tunnel Worker { get; }

    public Tunnel Caller { get; }

    public RecordWindow Records { get; } = new();

    public FrameStream WorkerFrames { get; }

    /// <summary>What the caller found wrong with what came.</summary>
    public Exception? Fault { get; private set; }

    public void Cut()
    {
        _pipe.Cut();
        Array.ForEach(_receivers, Bounded.Join);
    }

    public void Dispose() => Cut();

    private void Receive(FrameStream frames, Tunnel tunnel)
    {
        WireReader reader = new();
        try
        {
            while (true)
            {
                tunnel.Receive(frames.Read(reader), reader);
            }
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            Fault ??= exception as MalformedFrameException;
            tunnel.Close();
            _pipe.Cut();
        }
    }
}
