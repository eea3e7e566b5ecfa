using System.Net.Sockets;

namespace Switchyard.Core.Transports;

/// <summary>Listens on a Unix domain socket. Its folder keeps other users out.</summary>
internal sealed class SocketListener : LocalListener
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

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

    public override string Name { get; }

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

    public override void Dispose() => _socket.Dispose();

    protected override Stream Accept() => new NetworkStream(_socket.Accept(), ownsSocket: true);

    protected override bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException;
}
