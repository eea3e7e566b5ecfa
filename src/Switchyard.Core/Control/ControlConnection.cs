using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>Asks another session. For one thread at a time.</summary>
internal sealed class ControlConnection : IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly FrameStream _frames;
    private readonly WireWriter _writer = new();
    private readonly WireReader _reader = new();

    private ControlConnection(FrameStream frames, TimeSpan timeout)
    {
        _frames = frames;
        _timeout = timeout;
    }

    /// <summary>Connects to a session.</summary>
    /// <param name="timeout">How long an answer may take.</param>
    /// <exception cref="IOException">It does not listen, is another user's, or does not answer in time.</exception>
    public static ControlConnection Open(LocalEndpoint endpoint, TimeSpan timeout)
    {
        Stream unshown = LocalListener.ConnectToOwn(endpoint.Name);
        return new ControlConnection(new FrameStream(InTime(unshown, timeout, () => LocalListener.Greet(unshown, endpoint))), timeout);
    }

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="IOException">The session has ended, does not answer in time, or what it answers is none.</exception>
    public ControlReply Ask(in ControlRequest request)
    {
        _writer.Clear();
        request.Write(_writer);
        try
        {
            return InTime(_frames, _timeout, () =>
            {
                _frames.Write(FrameKind.ControlRequest, _writer);
                return _frames.Read(_reader) == FrameKind.ControlReply
                    ? ControlReply.Read(_reader)
                    : throw new MalformedFrameException(Messages.ControlReplyUnknown);
            });
        }
        catch (MalformedFrameException exception)
        {
            _frames.Dispose();
            throw new IOException(exception.Message, exception);
        }
    }

    public void Dispose() => _frames.Dispose();

    private static T InTime<T>(IDisposable connection, TimeSpan timeout, Func<T> action)
    {
        bool isLate = false;
        using Timer timer = new(
            _ =>
            {
                Volatile.Write(ref isLate, true);
                connection.Dispose();
            },
            null,
            timeout,
            Timeout.InfiniteTimeSpan);
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            throw Volatile.Read(ref isLate) ? new IOException(Messages.SessionSilent, exception) : exception as IOException ?? new IOException(exception.Message, exception);
        }
    }
}
