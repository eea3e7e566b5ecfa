using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Switchyard.Core.Transports.Callbacks;

/// <summary>
/// Listens for the workers of one run, wherever they are. The channel is encrypted, a worker recognizes its caller by the certificate, and the caller its
/// worker by the token of its invitation, which is shown inside. Any other connection is closed.
/// </summary>
internal sealed class CallbackListener : IDisposable
{
    // From connecting to showing the token, where many workers start on few cores. Each connection is checked on its own thread, so a silent one delays no other.
    private static readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(30);

    // How long the other end may take nothing of what is sent to it, before the connection is given up.
    private static readonly TimeSpan _stallTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _acceptRetry = TimeSpan.FromMilliseconds(100);

    // Connections that are being checked. Strangers who open more push out the oldest, which is hardly a worker's.
    private const int MostChecked = 500;

    private const int MostPortsTold = 5;

    private readonly CallbackCertificate _certificate = new();
    private readonly Socket _socket;
    private readonly IReadOnlyList<string> _hosts;
    private readonly object _lock = new();
    private readonly List<CallbackInvitation> _invitations = [];
    private readonly LinkedList<Stream> _checked = [];
    private readonly ManualResetEventSlim _closed = new();

    /// <exception cref="IOException">It cannot listen there.</exception>
    public CallbackListener(CallbackOptions options)
    {
        IPAddress address = options.FindAddress(out _hosts);
        _socket = Bind(address, options.Ports);
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        new Thread(AcceptAll) { IsBackground = true, Name = "Switchyard accept" }.Start();
    }

    public int Port { get; }

    /// <summary>Lets workers in that show the token of what is returned, until that is disposed of.</summary>
    /// <param name="count">How many.</param>
    public CallbackInvitation Invite(int count = 1)
    {
        CallbackInvitation invitation = new(count);
        lock (_lock)
        {
            _invitations.Add(invitation);
        }

        return invitation;
    }

    /// <summary>What a worker has to know to connect: letters, digits and <c>,.:-</c>, so no shell and no file format takes it for anything else.</summary>
    public string Describe(CallbackInvitation invitation) => string.Join(
        ',', [Port.ToString(CultureInfo.InvariantCulture), Convert.ToHexString(invitation.Token), _certificate.Fingerprint, .. _hosts]);

    /// <summary>Accepts no more connections by an invitation.</summary>
    public void Revoke(CallbackInvitation invitation)
    {
        lock (_lock)
        {
            _invitations.Remove(invitation);
        }

        invitation.Dispose();
    }

    public void Dispose()
    {
        _closed.Set();
        _socket.Dispose();
        lock (_lock)
        {
            _invitations.ForEach(invitation => invitation.Dispose());
            _invitations.Clear();
        }

        _certificate.Dispose();
    }

    private static Socket Bind(IPAddress address, IReadOnlyList<int> ports)
    {
        SocketException? failure = null;
        foreach (int port in ports.DefaultIfEmpty(0))
        {
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true;
                }

                socket.Bind(new IPEndPoint(address, port));
                socket.Listen();
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                failure = exception;
            }
        }

        string text = ports.Count == 0 ? "*" : string.Join(", ", ports.Take(MostPortsTold)) + (ports.Count > MostPortsTold ? ", ..." : string.Empty);
        throw new IOException(MessageText.Format(Messages.CallbackNotListening, address, text, failure!.Message), failure);
    }

    private void AcceptAll()
    {
        while (!_closed.IsSet)
        {
            try
            {
                Begin(_socket.Accept());
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // Closed, or no descriptor is left at the moment, and the next try would say so at once.
                Debug.WriteLine(exception);
                _closed.Wait(_acceptRetry);
            }
        }
    }

    private void Begin(Socket socket)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true) { WriteTimeout = (int)_stallTimeout.TotalMilliseconds };
        try
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            new Thread(() => Check(stream)) { IsBackground = true, Name = "Switchyard check" }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException or SocketException)
        {
            // The other side finds the connection closed, and reports it.
            Debug.WriteLine(exception);
            stream.Dispose();
        }
    }

    private void Check(Stream connection)
    {
        SslStream stream = new(connection);
        LinkedListNode<Stream> place = Enter(connection);
        bool isTaken = false;
        try
        {
            using Timer timeout = new(_ => connection.Dispose(), null, _handshakeTimeout, Timeout.InfiniteTimeSpan);
            stream.AuthenticateAsServer(_certificate.Options);
            byte[] token = new byte[CallbackInvitation.TokenLength];
            stream.ReadExactly(token);
            if (Find(token) is { } invitation)
            {
                string name = ReadName(stream);
                timeout.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                isTaken = invitation.TryAdd(new CallbackConnection(stream, name));
            }

            if (isTaken)
            {
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or AuthenticationException or InvalidOperationException)
        {
            // Disconnected, too slow or no worker. If it was one, its end is noticed elsewhere.
            Debug.WriteLine(exception);
        }
        finally
        {
            lock (_lock)
            {
                if (place.List is not null)
                {
                    _checked.Remove(place);
                }
            }
        }

        stream.Dispose();
    }

    // What a worker's machine calls itself: a length and letters. It is shown to the user, and so is nothing else.
    private static string ReadName(Stream stream)
    {
        byte[] bytes = new byte[Math.Max(0, stream.ReadByte())];
        stream.ReadExactly(bytes);
        return string.Concat(Encoding.ASCII.GetString(bytes).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'));
    }

    private LinkedListNode<Stream> Enter(Stream connection)
    {
        Stream? oldest = null;
        try
        {
            lock (_lock)
            {
                if (_checked.Count >= MostChecked)
                {
                    oldest = _checked.First!.Value;
                    _checked.RemoveFirst();
                }

                return _checked.AddLast(connection);
            }
        }
        finally
        {
            oldest?.Dispose();
        }
    }

    // All of them are compared: how long it takes says nothing.
    private CallbackInvitation? Find(ReadOnlySpan<byte> token)
    {
        CallbackInvitation? found = null;
        lock (_lock)
        {
            foreach (CallbackInvitation invitation in _invitations)
            {
                found = invitation.Matches(token) ? invitation : found;
            }
        }

        return found;
    }
}
