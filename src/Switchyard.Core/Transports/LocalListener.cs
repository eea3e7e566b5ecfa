using System.Security.Cryptography;

namespace Switchyard.Core.Transports;

/// <summary>
/// Listens for processes of this machine and this user. A connection that does not show the client secret is closed.
/// </summary>
internal abstract class LocalListener : IDisposable
{
    public const string SocketName = "socket";

    // From connecting to showing the secret, on a busy machine. Each connection is checked on its own thread, so a silent one delays no other.
    private static readonly TimeSpan _handshakeTimeout = TimeSpan.FromSeconds(10);

    public abstract string Name { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="folder">A folder that only this user can enter; null for nowhere in the file system, where the system can do that.</param>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static LocalListener Open(string? folder) => OperatingSystem.IsWindows()
        ? new PipeListener()
        : new SocketListener(folder is null ? $"{SocketListener.Abstract}switchyard-{Guid.NewGuid():N}" : Path.Combine(folder, SocketName));

    /// <summary>Connects to a listener, as its client.</summary>
    /// <exception cref="IOException">There is no listener, or it does not know the server secret.</exception>
    public static Stream Connect(LocalEndpoint endpoint) => Greet(ConnectUnshown(endpoint.Name), endpoint);

    /// <summary>Connects to a listener, and leaves it to others to show that they may.</summary>
    /// <exception cref="IOException">There is no listener.</exception>
    public static Stream ConnectUnshown(string name) => OperatingSystem.IsWindows() ? PipeListener.Connect(name) : SocketListener.Connect(name);

    /// <summary>The same, where only the listener's place says who made it: it has to be this user.</summary>
    /// <exception cref="IOException">There is no listener, or it is somebody else's.</exception>
    public static Stream ConnectToOwn(string name) => OperatingSystem.IsWindows() ? PipeListener.Connect(name) : SocketListener.ConnectToOwnUser(name);

    /// <summary>Shows the secret to who listens at the other end of a stream.</summary>
    /// <exception cref="IOException">It does not know the server secret.</exception>
    public static Stream Greet(Stream stream, LocalEndpoint endpoint)
    {
        try
        {
            byte[] answer = new byte[LocalEndpoint.SecretLength];
            stream.Write(endpoint.ClientSecret.Span);
            stream.ReadExactly(answer);
            return CryptographicOperations.FixedTimeEquals(answer, endpoint.ServerSecret.Span) ? stream : throw new IOException(Messages.ListenerNotCaller);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Hands a client on that shows the secret, and closes the connection of any other.</summary>
    public static void Check(Stream stream, LocalEndpoint endpoint, Func<Stream, bool> take)
    {
        try
        {
            if (IsExpected(stream, endpoint) && take(stream))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Disconnected or too slow. If it was the worker, its end is noticed elsewhere.
            Debug.WriteLine(exception);
        }

        stream.Dispose();
    }

    /// <summary>Waits for the first client that shows the secret, and accepts no other.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(LocalEndpoint endpoint, CancellationToken cancellation)
    {
        ConnectedWorker worker = new();
        Serve(endpoint, worker.TrySet);
        return worker.Await(cancellation);
    }

    /// <summary>Accepts every client that shows the secret, until this is disposed of.</summary>
    public virtual void Serve(LocalEndpoint endpoint, Func<Stream, bool> take) =>
        new Thread(() => AcceptAll(endpoint, take)) { IsBackground = true, Name = "Switchyard accept" }.Start();

    public abstract void Dispose();

    /// <summary>Waits for the next connection, unchecked. It ends with an exception once this was disposed of.</summary>
    protected abstract Stream Accept();

    /// <summary>Whether an exception says that this was disposed of, or can no longer listen.</summary>
    protected abstract bool IsEnd(Exception exception);

    // Blocking: a socket that was used asynchronously once is slower for the rest of its life.
    private void AcceptAll(LocalEndpoint endpoint, Func<Stream, bool> take)
    {
        try
        {
            while (true)
            {
                Begin(Accept(), endpoint, take);
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The worker has connected, or the wait was ended.
            Debug.WriteLine(exception);
        }
    }

    private static void Begin(Stream stream, LocalEndpoint endpoint, Func<Stream, bool> take)
    {
        try
        {
            new Thread(() => Check(stream, endpoint, take)) { IsBackground = true, Name = "Switchyard check" }.Start();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            // The other side finds the connection closed, and reports it.
            Debug.WriteLine(exception);
            stream.Dispose();
        }
    }

    private static bool IsExpected(Stream stream, LocalEndpoint endpoint)
    {
        using Timer timeout = new(_ => stream.Dispose(), null, _handshakeTimeout, Timeout.InfiniteTimeSpan);
        byte[] shown = new byte[LocalEndpoint.SecretLength];
        stream.ReadExactly(shown);
        if (!CryptographicOperations.FixedTimeEquals(shown, endpoint.ClientSecret.Span))
        {
            return false;
        }

        stream.Write(endpoint.ServerSecret.Span);
        return true;
    }
}
