using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Switchyard.Core.Transports;

/// <summary>
/// Listens on a Unix domain socket. Its folder keeps other users out. On Linux also on one that is in no folder, as something may clean the
/// folder up while the socket is in use.
/// </summary>
internal sealed partial class SocketListener : LocalListener
{
    /// <summary>What the name of a socket that is in no folder begins with.</summary>
    public const char Abstract = '\0';

    // SOL_SOCKET and SO_PEERCRED of Linux: process, user and group.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsLength = 12;

    private static readonly TimeSpan _usualStallTimeout = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly SocketListener? _spare;
    private readonly TimeSpan _stallTimeout;

    /// <param name="stallTimeout">How long the other end may take nothing of what is sent to it, before the connection is given up; null for the usual.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public SocketListener(string path, TimeSpan? stallTimeout = null)
    {
        Name = path;
        _stallTimeout = stallTimeout ?? _usualStallTimeout;
        try
        {
            _socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            _socket.Listen();
            _spare = OperatingSystem.IsLinux() && path[0] != Abstract ? new SocketListener(Abstract + path, stallTimeout) : null;
        }
        catch (IOException)
        {
            _socket?.Dispose();
            throw;
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            _socket?.Dispose();
            throw new IOException(MessageText.Format(Messages.SocketNotMade, path.TrimStart(Abstract), exception.Message), exception);
        }
    }

    public override string Name { get; }

    public static Stream Connect(string path)
    {
        if (TryConnect(path, out SocketException? failure) is { } stream)
        {
            return stream;
        }

        return OperatingSystem.IsLinux() && path[0] != Abstract && TryConnect(Abstract + path, out _) is { } spare
            ? spare
            : throw new IOException(MessageText.Format(Messages.SocketWithoutListener, path.TrimStart(Abstract), failure!.Message), failure);
    }

    /// <summary>Connects to a socket of which only its place says who made it: it has to be this user.</summary>
    /// <exception cref="IOException">Nothing listens there, or somebody else.</exception>
    public static Stream ConnectToOwnUser(string path)
    {
        if (TryConnect(path, out SocketException? failure) is not { } stream)
        {
            throw new IOException(MessageText.Format(Messages.SocketWithoutListener, path, failure!.Message), failure);
        }

        if (IsOfOwnUser(stream.Socket))
        {
            return stream;
        }

        stream.Dispose();
        throw new IOException(Messages.ListenerNotCaller);
    }

    public override void Serve(LocalEndpoint endpoint, Func<Stream, bool> take)
    {
        base.Serve(endpoint, take);
        _spare?.Serve(endpoint, take);
    }

    public override void Dispose()
    {
        _socket.Dispose();
        _spare?.Dispose();
    }

    protected override Stream Accept()
    {
        while (true)
        {
            Socket socket = _socket.Accept();
            if (Name[0] != Abstract || IsOfOwnUser(socket))
            {
                // A process that is stopped reads nothing, and its connection does not end.
                return new NetworkStream(socket, ownsSocket: true) { WriteTimeout = (int)_stallTimeout.TotalMilliseconds };
            }

            socket.Dispose();
        }
    }

    protected override bool IsEnd(Exception exception) => exception is SocketException or ObjectDisposedException;

    // No folder keeps others out. They do not know the secret either, but each would keep a thread waiting for it.
    private static bool IsOfOwnUser(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return GetPeerUser((int)socket.Handle, out uint user, out _) == 0 && user == UnixOwner.ThisUser();
        }

        Span<byte> credentials = stackalloc byte[CredentialsLength];
        return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsLength
            && BitConverter.ToUInt32(credentials[4..]) == UnixOwner.ThisUser();
    }

    [LibraryImport("libc", EntryPoint = "getpeereid")]
    private static partial int GetPeerUser(int socket, out uint user, out uint group);

    private static NetworkStream? TryConnect(string path, out SocketException? failure)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            failure = exception;
            return null;
        }

        failure = null;
        return new NetworkStream(socket, ownsSocket: true);
    }
}
