using System.Collections.Concurrent;
using System.Net.Sockets;
using Switchyard.Core.Protocol;
using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>Reaches the shared objects of another process. Each call has a connection to itself while it goes on; they are kept for the next.</summary>
internal sealed class StateClient(Func<Stream> connect, Func<IStateCodec> createCodec) : IDisposable
{
    private readonly ConcurrentStack<Connection> _idle = new();
    private volatile bool _isClosed;

    /// <summary>Asks for something and waits for the reply.</summary>
    /// <exception cref="ObjectDisposedException">The object is no more, or its holder.</exception>
    /// <exception cref="InvalidOperationException">It cannot be done.</exception>
    /// <exception cref="ArgumentException">It cannot be done with this value.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public TResult Call<TArgument, TResult>(
        SharedAddress address, TypedCall<TArgument, TResult> call, TArgument argument, in WaitLimit? limit, bool acknowledges = false)
    {
        Connection connection = Take(address);
        TResult result = connection.Call(address, call, argument, limit);
        if (acknowledges)
        {
            connection.Acknowledge();
        }

        Keep(connection);
        return result;
    }

    /// <summary>Takes a connection on which nothing is under way.</summary>
    public Connection Take(SharedAddress address)
    {
        if (_idle.TryPop(out Connection? connection))
        {
            return connection;
        }

        try
        {
            return new Connection(connect(), createCodec());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw HolderGone(address, exception);
        }
    }

    /// <summary>Keeps a connection, on which nothing is under way, for the next call.</summary>
    public void Keep(Connection connection)
    {
        _idle.Push(connection);
        if (_isClosed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryPop(out Connection? connection))
        {
            connection.Dispose();
        }
    }

    private static ObjectDisposedException HolderGone(SharedAddress address, Exception cause) => new(
        MessageText.Format(Messages.SharedHolderGone, SharedObjectState.Describe(address.Kind, address.Name)),
        cause);

    /// <summary>One connection to the holder. For one call at a time.</summary>
    internal sealed class Connection(Stream stream, IStateCodec codec) : IDisposable
    {
        private static readonly TimeSpan _cancellationCheck = TimeSpan.FromMilliseconds(100);

        private readonly FrameStream _frames = new(stream);

        // A pipe cannot be polled. What waits on one is a worker process, which is ended if its wait must be.
        private readonly Func<TimeSpan, bool>? _poll = stream switch
        {
            NetworkStream socket => timeout => socket.Socket.Poll(timeout, SelectMode.SelectRead),
            TunnelStream tunnel => tunnel.TryAwaitData,
            _ => null,
        };

        private readonly WireWriter _writer = new();
        private readonly WireReader _reader = new();

        /// <summary>Asks, and waits for the reply. If that fails, the connection is closed.</summary>
        public TResult Call<TArgument, TResult>(SharedAddress address, TypedCall<TArgument, TResult> call, TArgument argument, in WaitLimit? limit)
        {
            bool hasReply = false;
            bool isDone = false;
            try
            {
                _writer.Clear();
                _writer.WriteByte(StateCalls.NumberOf(call));
                _writer.WriteSigned(address.Id);
                call.Argument.Write(_writer, codec, argument);
                _frames.Write(FrameKind.StateCall, _writer);
                if (limit is { } timeout)
                {
                    AwaitReply(timeout);
                }

                if (_frames.Read(_reader) != FrameKind.StateReply)
                {
                    throw new MalformedFrameException(Messages.SharedReplyUnknown);
                }

                StateStatus status = (StateStatus)_reader.ReadByte();
                hasReply = true;
                TResult result = status == StateStatus.Done ? call.Result.Read(_reader, codec) : throw Failure(address, status, _reader.ReadText());
                isDone = true;
                return result;
            }
            catch (Exception exception) when (exception is IOException or MalformedFrameException || (exception is ObjectDisposedException && !hasReply))
            {
                throw HolderGone(address, exception);
            }
            finally
            {
                if (!isDone)
                {
                    Dispose();
                }
            }
        }

        /// <summary>Says that the last reply has arrived: until then what it brought may go back.</summary>
        public void Acknowledge() => _frames.Write(FrameKind.StateArrived);

        public void Dispose() => _frames.Dispose();

        private static Exception Failure(SharedAddress address, StateStatus status, string message) => status switch
        {
            StateStatus.Disposed => SharedObjectState.DisposedError(address.Kind, address.Name),
            StateStatus.BadValue => new ArgumentException(message),
            _ => new InvalidOperationException(message),
        };

        // The holder notices the end of a wait by the end of the connection.
        private void AwaitReply(in WaitLimit limit)
        {
            while (_poll is not null && !_frames.HasMore && !_poll(_cancellationCheck))
            {
                if (limit.IsCanceled)
                {
                    throw new OperationCanceledException();
                }
            }
        }
    }
}
