using System.Net.Sockets;

namespace Switchyard.Core.Transports;

/// <summary>Listens on a Unix domain socket. Its folder keeps other users out.</summary>
internal sealed class SocketListener : LocalListener
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Starts to listen.</summary>
    /// <param name="path">The socket's path, at which nothing is yet.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public SocketListener(string path)
    {
        Name = path;
        try
        {
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _socket.Listen();
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            _socket.Dispose();
            throw new IOException(MessageText.Format(Messages.SocketNotMade, path, exception.Message), exception);
        }
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Connects, as the worker.</summary>
    /// <param name="path">The socket's path.</param>
    /// <returns>The connection.</returns>
    public static Stream Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException(MessageText.Format(Messages.SocketWithoutListener, path, exception.Message), exception);
        }

        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <inheritdoc/>
    public override void Dispose() => _socket.Dispose();

    /// <inheritdoc/>
    protected override Stream Accept() => new NetworkStream(_socket.Accept(), ownsSocket: true);

    /// <inheritdoc/>
    protected override bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException;
}
