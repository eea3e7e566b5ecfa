using System.Collections.Concurrent;
using System.Net.Sockets;
using Switchyard.Core.Transports;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState;

/// <summary>Reaches the shared objects of another process. Each call has a connection to itself while it goes on; they are kept for the next.</summary>
internal sealed class StateClient : IDisposable
{
    private readonly ConcurrentStack<Connection> _idle = new();
    private readonly LocalEndpoint _holder;
    private readonly Func<IStateCodec> _createCodec;
    private volatile bool _isClosed;

    /// <summary>Connects to nobody yet.</summary>
    /// <param name="holder">Where the holder of the objects listens.</param>
    /// <param name="createCodec">Makes what takes values to the other end and back.</param>
    public StateClient(LocalEndpoint holder, Func<IStateCodec> createCodec)
    {
        _holder = holder;
        _createCodec = createCodec;
    }

    /// <summary>Asks for something and waits for what comes of it.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="address">The object.</param>
    /// <param name="operation">What is to be done.</param>
    /// <param name="write">Writes what belongs to it.</param>
    /// <param name="read">Reads what comes of it.</param>
    /// <returns>What comes of it.</returns>
    /// <exception cref="ObjectDisposedException">The object is no more, or its holder.</exception>
    /// <exception cref="InvalidOperationException">It cannot be done.</exception>
    /// <exception cref="ArgumentException">It cannot be done with this value.</exception>
    public T Call<T>(
        SharedAddress address, StateOperation operation, Action<WireWriter, IStateCodec> write, Func<WireReader, IStateCodec, T> read)
    {
        Connection connection = Take(address);
        T result = connection.Call(address, operation, write, read, limit: null);
        Keep(connection);
        return result;
    }

    /// <summary>Asks for something that may take its time.</summary>
    /// <typeparam name="T">What comes of it.</typeparam>
    /// <param name="address">The object.</param>
    /// <param name="operation">What is to be done.</param>
    /// <param name="limit">How long to wait; what it gives way to is looked at now and then.</param>
    /// <param name="write">Writes what belongs to it, after the time.</param>
    /// <param name="read">Reads what comes of it, after whether anything has.</param>
    /// <param name="arrives">Whether what comes of it is to be acknowledged.</param>
    /// <returns>What comes of it, and the connection that it came over, to be kept.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public (T Result, Connection Connection) CallWaiting<T>(
        SharedAddress address,
        StateOperation operation,
        in WaitLimit limit,
        Action<WireWriter, IStateCodec> write,
        Func<WireReader, IStateCodec, T> read,
        bool arrives = false)
    {
        Connection connection = Take(address);
        TimeSpan left = limit.Left;
        T result = connection.Call(
            address,
            operation,
            (writer, codec) =>
            {
                writer.WriteSigned(left < TimeSpan.Zero ? -1 : left.Ticks);
                write(writer, codec);
            },
            read,
            limit);
        if (arrives)
        {
            connection.Acknowledge();
        }

        return (result, connection);
    }

    /// <summary>Keeps a connection for the next call.</summary>
    /// <param name="connection">The connection, on which nothing is under way.</param>
    public void Keep(Connection connection)
    {
        _idle.Push(connection);
        if (_isClosed)
        {
            Dispose();
        }
    }

    /// <inheritdoc/>
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

    private Connection Take(SharedAddress address)
    {
        if (_idle.TryPop(out Connection? connection))
        {
            return connection;
        }

        try
        {
            return new Connection(LocalListener.Connect(_holder), _createCodec());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw HolderGone(address, exception);
        }
    }

    /// <summary>One way to the holder. For one call at a time.</summary>
    internal sealed class Connection : IDisposable
    {
        private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

        private readonly FrameStream _frames;
        private readonly Socket? _socket;
        private readonly IStateCodec _codec;
        private readonly WireWriter _writer = new();
        private readonly WireReader _reader = new();

        public Connection(Stream stream, IStateCodec codec)
        {
            _frames = new FrameStream(stream);
            _socket = (stream as NetworkStream)?.Socket;
            _codec = codec;
        }

        /// <summary>Asks, and waits for the reply. A connection on which that went wrong is of no more use, and is closed.</summary>
        public T Call<T>(
            SharedAddress address,
            StateOperation operation,
            Action<WireWriter, IStateCodec> write,
            Func<WireReader, IStateCodec, T> read,
            in WaitLimit? limit)
        {
            bool isDone = false;
            try
            {
                _writer.Clear();
                _writer.WriteByte((byte)operation);
                _writer.WriteSigned(address.Id);
                write(_writer, _codec);
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
                isDone = true;
                return status == StateStatus.Done ? read(_reader, _codec) : throw Failure(address, status, _reader.ReadText());
            }
            catch (Exception exception) when (exception is IOException or MalformedFrameException || (exception is ObjectDisposedException && !isDone))
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

        /// <summary>Says that what came last has arrived: until then it may go back.</summary>
        public void Acknowledge() => _frames.Write(FrameKind.StateArrived);

        public void Dispose() => _frames.Dispose();

        private static Exception Failure(SharedAddress address, StateStatus status, string message) => status switch
        {
            StateStatus.Disposed => SharedObjectState.DisposedError(address.Kind, address.Name),
            StateStatus.BadValue => new ArgumentException(message),
            _ => new InvalidOperationException(message),
        };

        /// <summary>Waits until the reply begins to come.</summary>
        /// <exception cref="OperationCanceledException">The wait was ended; the holder notices by the end of the connection.</exception>
        private void AwaitReply(in WaitLimit limit)
        {
            // A pipe cannot be asked. Who waits on one is a worker process, which is ended if its wait must be.
            while (_socket is not null && !_frames.HasMore && !_socket.Poll(_look, SelectMode.SelectRead))
            {
                if (limit.IsCanceled)
                {
                    throw new OperationCanceledException();
                }
            }
        }
    }
}
