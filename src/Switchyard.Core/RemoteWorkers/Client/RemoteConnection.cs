using System.Diagnostics;
using Switchyard.Core.Transports;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>A worker that answers: its far end, and the frames to and from it.</summary>
internal sealed class RemoteConnection : IDisposable
{
    // A process that was killed is gone in no time; one that lost its connection otherwise is killed.
    private static readonly TimeSpan _exitTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _killPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _heartbeatPeriod = TimeSpan.FromSeconds(2);

    private readonly IWorkerTransport _end;
    private long _receivingSince;
    private long _lastFrame;
    private long _lastHeartbeat = Stopwatch.GetTimestamp();

    private RemoteConnection(string key, IWorkerTransport end, FrameStream frames)
    {
        Key = key;
        _end = end;
        Frames = frames;
    }

    /// <summary>What distinguishes it from the workers of others.</summary>
    public string Key { get; }

    /// <summary>The frames.</summary>
    public FrameStream Frames { get; }

    /// <summary>Reads the content of the last frame.</summary>
    public WireReader Reader { get; } = new();

    /// <summary>What the worker is, for messages.</summary>
    public string Description => _end.Description;

    /// <summary>Tells which item it was on, where memory is shared.</summary>
    public CrashMarker? CrashMarker => _end.CrashMarker;

    /// <summary>How many items it was given in its life.</summary>
    public long ItemCount { get; set; }

    /// <summary>How many items it has ended in its life.</summary>
    public long EndedCount { get; set; }

    /// <summary>Whether it wants to be replaced.</summary>
    public bool IsRetiring { get; set; }

    /// <summary>Takes what the worker writes to its own output.</summary>
    public Action<string, bool>? Talk
    {
        set => _end.Talk = value;
    }

    /// <summary>Starts a worker.</summary>
    /// <param name="launcher">Starts it.</param>
    /// <param name="build">The build that it must have loaded.</param>
    /// <param name="talk">Takes what it writes to its own output.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="TransportStartException">It does not start, or is not what was wanted.</exception>
    public static RemoteConnection Open(ITransportLauncher launcher, Guid build, Action<string, bool> talk, CancellationToken cancellation)
    {
        IWorkerTransport end = launcher.Start(cancellation);
        FrameStream frames = new(end.Stream);
        RemoteConnection connection = new(launcher.Key, end, frames);
        try
        {
            end.Talk = talk;
            using (cancellation.Register(end.Kill))
            {
                connection.ProcessId = WorkerHello.Receive(frames, build).ProcessId;
            }

            return connection;
        }
        catch (Exception exception) when (FrameStream.IsConnectionLost(exception))
        {
            cancellation.ThrowIfCancellationRequested();
            ExitReason? reason = exception is MalformedFrameException ? null : connection.AwaitEnd();
            TransportStartException failure = new(exception.Message, exception) { Exit = reason, LastErrors = end.LastErrors() };
            connection.Kill();
            connection.Dispose();
            throw failure;
        }
    }

    /// <summary>Whether the worker still runs. A snapshot.</summary>
    /// <returns>True if so.</returns>
    public bool IsAlive() => !_end.TryAwaitExit(TimeSpan.Zero, out _);

    /// <summary>The number of its process, on whatever machine that is.</summary>
    public int ProcessId { get; private set; }

    /// <summary>How many more items it may be given.</summary>
    /// <param name="most">How many it may have in its life; null for any number.</param>
    /// <returns>The number; none if it wants to be replaced.</returns>
    public long ItemsLeft(long? most) => IsRetiring ? 0 : most is { } number ? Math.Max(0, number - ItemCount) : long.MaxValue;

    /// <summary>Waits for a frame, whose content <see cref="Reader"/> then reads.</summary>
    /// <returns>Its kind.</returns>
    public FrameKind Read()
    {
        Volatile.Write(ref _receivingSince, Stopwatch.GetTimestamp());
        try
        {
            FrameKind kind = Frames.Read(Reader);
            Volatile.Write(ref _lastFrame, Stopwatch.GetTimestamp());
            return kind;
        }
        finally
        {
            Volatile.Write(ref _receivingSince, 0);
        }
    }

    /// <summary>Lets the worker know from time to time that its caller is alive, and ends one that is silent. On any thread.</summary>
    /// <param name="silenceTimeout">How long it may be silent while it is waited for.</param>
    public void Poll(TimeSpan silenceTimeout)
    {
        if (Stopwatch.GetElapsedTime(_lastHeartbeat) > _heartbeatPeriod)
        {
            _lastHeartbeat = Stopwatch.GetTimestamp();
            Frames.TryWrite(FrameKind.Heartbeat);
        }

        long since = Volatile.Read(ref _receivingSince);
        if (since != 0 && Stopwatch.GetElapsedTime(Math.Max(since, Volatile.Read(ref _lastFrame))) > silenceTimeout)
        {
            Kill();
        }
    }

    /// <summary>Asks the worker to stop an item. On any thread.</summary>
    /// <param name="lease">The item; 0 for whatever it does.</param>
    /// <param name="isFinal">Whether it is to do nothing more afterwards.</param>
    public void RequestStop(long lease, bool isFinal)
    {
        WireWriter writer = new();
        writer.WriteVariable((ulong)lease);
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

    /// <summary>Ends the worker, without asking.</summary>
    public void Kill() => _end.Kill();

    /// <summary>Waits for the end of a worker that is lost, and ends it if it does not end by itself.</summary>
    /// <returns>How it ended.</returns>
    public ExitReason AwaitEnd()
    {
        if (!_end.TryAwaitExit(_exitTimeout, out ExitReason reason))
        {
            _end.Kill();
            _end.TryAwaitExit(_killPatience, out reason);
        }

        return reason;
    }

    /// <summary>The last lines of its error output.</summary>
    /// <returns>The lines.</returns>
    public IReadOnlyList<string> LastErrors() => _end.LastErrors();

    /// <summary>Lets the worker end by itself. It has nothing to do any more, and does not hold anybody up.</summary>
    public void SayBye()
    {
        _end.Release();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        Frames.Dispose();
        _end.Dispose();
    }
}
