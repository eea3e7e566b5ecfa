using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Connections;

/// <summary>A worker that answers: its transport, and the frames to and from it.</summary>
internal sealed class RemoteConnection : IDisposable
{
    // A killed process is gone at once; one that lost its connection otherwise is killed after this.
    private static readonly TimeSpan _exitTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _killTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _heartbeatPeriod = TimeSpan.FromSeconds(2);

    private readonly IWorkerTransport _transport;
    private FarFrames? _far;
    private bool _hasCrashMarker;
    private long _receivingSince;
    private long _lastHeartbeat = Stopwatch.GetTimestamp();

    private RemoteConnection(string key, IWorkerTransport transport, FrameStream frames)
    {
        Key = key;
        _transport = transport;
        Frames = frames;
    }

    public string Key { get; }

    public FrameStream Frames { get; }

    public WireReader Reader { get; } = new();

    public string Description => _transport.Description;

    /// <summary>Tells which item it was on, where memory is shared.</summary>
    public CrashMarker? CrashMarker => _hasCrashMarker ? _transport.CrashMarker : null;

    /// <summary>Whether the worker notices at once when this process is gone.</summary>
    public bool NoticesLoss => _transport.NoticesLoss;

    /// <summary>The streams of a worker that reaches its caller in no other way; null for others.</summary>
    public Tunnel? Tunnel => _far?.Tunnel;

    /// <summary>How many items it was given in its life.</summary>
    public long ItemCount { get; set; }

    /// <summary>How many items it has ended in its life.</summary>
    public long EndedCount { get; set; }

    public bool IsRetiring { get; set; }

    /// <summary>Takes what the worker writes to its own output.</summary>
    public Action<string, bool>? OutputHandler
    {
        set => _transport.OutputHandler = value;
    }

    /// <exception cref="TransportStartException">It does not start, or is not what was wanted.</exception>
    public static RemoteConnection Open(ITransportLauncher launcher, Guid build, Action<string, bool> outputHandler, CancellationToken cancellation)
    {
        IWorkerTransport transport = launcher.Start(cancellation);
        FrameStream frames = new(transport.Stream);
        RemoteConnection connection = new(launcher.Key, transport, frames);
        try
        {
            // Before a far end has spoken, a shell or the way there may write what is of interest only if it fails.
            transport.OutputHandler = transport.IsFar ? null : outputHandler;
            using (new Timer(_ => connection.EndIfStuck(transport.HelloTimeout), null, TimeSpan.Zero, TimeSpan.FromSeconds(1)))
            using (cancellation.Register(transport.Kill))
            {
                WorkerHello hello = WorkerHello.Receive(frames, build, transport.Package);
                connection.ProcessId = hello.ProcessId;
                connection._hasCrashMarker = hello.HasCrashMarker;
                connection.ProcessorCount = hello.ProcessorCount;
            }

            connection.ReadAlways(transport.IsFar);

            return connection;
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            if (cancellation.IsCancellationRequested)
            {
                connection.Kill();
                connection.Dispose();
                throw new OperationCanceledException(cancellation);
            }

            ExitReason? reason = exception is MalformedFrameException ? null : connection.AwaitEnd();
            TransportStartException failure = new(exception.Message, exception) { Exit = reason, LastErrors = transport.LastErrors() };
            connection.Kill();
            connection.Dispose();
            throw failure;
        }
    }

    public bool IsAlive() => !_transport.TryAwaitExit(TimeSpan.Zero, out _);

    /// <summary>The number of its process, on whatever machine that is.</summary>
    public int ProcessId { get; private set; }

    /// <summary>How many cores it may use where it is.</summary>
    public int ProcessorCount { get; private set; }

    /// <summary>The machine that it is on; null for this one.</summary>
    public string? HostName => _transport.HostName;

    /// <summary>Whether an end says that the way to it was lost, or may have been.</summary>
    public bool IsLoss(ExitReason reason) => _transport.IsLoss(reason);

    /// <summary>Whether nothing has come for so long that not the worker alone is gone, but the way to its machine, or that.</summary>
    public bool IsSilent => Stopwatch.GetElapsedTime(Frames.HeardAt) > _heartbeatPeriod * 2;

    /// <summary>Whether it says before each item that it starts it.</summary>
    public bool ReportsStarts { get; set; }

    /// <summary>How many more items it may be given.</summary>
    /// <param name="most">How many it may have in its life; null for any number.</param>
    public long ItemsLeft(long? most) => IsRetiring ? 0 : most is { } number ? Math.Max(0, number - ItemCount) : long.MaxValue;

    /// <summary>Waits for a frame, whose content <see cref="Reader"/> then reads.</summary>
    public FrameKind Read()
    {
        Volatile.Write(ref _receivingSince, Stopwatch.GetTimestamp());
        try
        {
            return _far?.Read(Reader) ?? Frames.Read(Reader);
        }
        finally
        {
            Volatile.Write(ref _receivingSince, 0);
        }
    }

    /// <summary>Lets the worker know from time to time that its caller is alive, and ends one that is silent. On any thread.</summary>
    public void Poll(TimeSpan silenceTimeout)
    {
        if (Stopwatch.GetElapsedTime(_lastHeartbeat) > _heartbeatPeriod)
        {
            _lastHeartbeat = Stopwatch.GetTimestamp();

            // A worker that does not read lets this wait, which no other worker is to wait for.
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.Beat(), this, preferLocal: false);
        }

        // Of one that is stopped the connection does not end, and a pipe's write knows no limit.
        if (IsOver(Volatile.Read(ref _receivingSince), Frames.HeardAt) || IsOver(Frames.WritingSince, 0))
        {
            Kill();
        }

        bool IsOver(long since, long last) => since != 0 && Stopwatch.GetElapsedTime(Math.Max(since, last)) > silenceTimeout;
    }

    private void ReadAlways(bool isFar)
    {
        if (isFar)
        {
            _far = new FarFrames(Frames, Kill);
            _far.Start();
        }
    }

    private void EndIfStuck(TimeSpan timeout)
    {
        // The module's files take their time over a slow way.
        if (Stopwatch.GetElapsedTime(Frames.TakenAt) > timeout)
        {
            Kill();
        }
    }

    private void Beat()
    {
        try
        {
            Frames.TryWrite(FrameKind.Heartbeat);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // The worker's own thread finds out, and does what is to be done.
            Debug.WriteLine(exception);
        }
    }

    /// <summary>Asks the worker to stop an item. On any thread.</summary>
    /// <param name="isFinal">Whether it is to do nothing more afterwards.</param>
    public void RequestStop(long item, bool isFinal)
    {
        WireWriter writer = new();
        writer.WriteVariable((ulong)item);
        writer.WriteBoolean(isFinal);
        try
        {
            Frames.Write(FrameKind.StopItem, writer);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // Then it has stopped.
            Debug.WriteLine(exception);
        }
    }

    /// <summary>Waits a moment until what it has written past its items is handed on.</summary>
    public void HandOnOutput() => _transport.HandOnOutput();

    public void Kill() => _transport.Kill();

    /// <summary>Waits for the end of a worker that is lost, and ends it if it does not end by itself.</summary>
    public ExitReason AwaitEnd()
    {
        if (!_transport.TryAwaitExit(_exitTimeout, out ExitReason reason))
        {
            _transport.Kill();
            _transport.TryAwaitExit(_killTimeout, out reason);
        }

        return reason;
    }

    public IReadOnlyList<string> LastErrors() => _transport.LastErrors();

    /// <summary>Lets the worker end by itself. It has nothing to do any more, and is not waited for.</summary>
    public void SendBye()
    {
        _transport.Release();
        try
        {
            Frames.TryWrite(FrameKind.Bye);
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            // Ended already.
            Debug.WriteLine(exception);
        }

        Dispose();
    }

    public void Dispose()
    {
        Frames.Dispose();
        _transport.Dispose();
    }
}
