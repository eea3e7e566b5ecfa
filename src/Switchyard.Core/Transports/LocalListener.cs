using System.Diagnostics;
using System.Security.Cryptography;

namespace Switchyard.Core.Transports;

/// <summary>
/// Waits for one worker of this machine. Whoever else connects is hung up on: only this user can, and only the worker knows the
/// secret, which is good for one connection.
/// </summary>
internal abstract class LocalListener : IDisposable
{
    /// <summary>The name of the socket in its folder.</summary>
    public const string SocketName = "socket";

    // From connecting to showing the secret, on a machine with a lot to do. Strangers may take as long, and hold nobody up.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>The name by which the worker connects.</summary>
    public abstract string Endpoint { get; }

    /// <summary>Starts to listen in a folder that only this user can enter.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The listener.</returns>
    /// <exception cref="IOException">It cannot listen there.</exception>
    public static LocalListener Open(string folder) =>
        OperatingSystem.IsWindows() ? new PipeListener() : new SocketListener(Path.Combine(folder, SocketName));

    /// <summary>Connects to a listener, as the worker.</summary>
    /// <param name="bootstrap">Where, and by what secrets.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="IOException">Nobody listens there, or somebody else does.</exception>
    public static Stream Connect(WorkerBootstrap bootstrap)
    {
        Stream stream = OperatingSystem.IsWindows() ? PipeListener.Connect(bootstrap.Endpoint) : SocketListener.Connect(bootstrap.Endpoint);
        byte[] answer = new byte[WorkerBootstrap.SecretLength];
        stream.Write(bootstrap.WorkerSecret.Span);
        stream.ReadExactly(answer);
        if (CryptographicOperations.FixedTimeEquals(answer, bootstrap.CallerSecret.Span))
        {
            return stream;
        }

        stream.Dispose();
        throw new IOException(Messages.ListenerNotCaller);
    }

    /// <summary>Waits for the worker.</summary>
    /// <param name="bootstrap">What the worker was told.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Accept(WorkerBootstrap bootstrap, CancellationToken cancellation)
    {
        ConnectedWorker worker = new();
        Serve(bootstrap, worker.TrySet);
        return worker.Await(cancellation);
    }

    /// <summary>Takes whoever shows the secret, until this is disposed of.</summary>
    /// <param name="bootstrap">What those were told.</param>
    /// <param name="take">Takes a connection, on a thread of its own; false to hang up.</param>
    public void Serve(WorkerBootstrap bootstrap, Func<Stream, bool> take) =>
        new Thread(() => AcceptAll(bootstrap, take)) { IsBackground = true, Name = "Switchyard accept" }.Start();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Waits for the next connection, whoever it is. It ends with an exception once this was disposed of.</summary>
    /// <returns>The connection.</returns>
    protected abstract Stream Accept();

    /// <summary>Whether an exception says that this was disposed of, or can listen no more.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>True if so.</returns>
    protected abstract bool IsEnd(Exception exception);

    // Blocking, and so never used asynchronously: a socket that was once is slower for the rest of its life.
    private void AcceptAll(WorkerBootstrap bootstrap, Func<Stream, bool> take)
    {
        try
        {
            while (true)
            {
                Stream stream = Accept();
                new Thread(() => Check(stream, bootstrap, take)) { IsBackground = true, Name = "Switchyard check" }.Start();
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // The worker has connected, or nobody waits for it any more.
            Debug.WriteLine(exception);
        }
    }

    private static void Check(Stream stream, WorkerBootstrap bootstrap, Func<Stream, bool> take)
    {
        try
        {
            if (IsExpected(stream, bootstrap) && take(stream))
            {
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Hung up, or too slow: a stranger. If it was the worker, its end is noticed elsewhere.
            Debug.WriteLine(exception);
        }

        stream.Dispose();
    }

    private static bool IsExpected(Stream stream, WorkerBootstrap bootstrap)
    {
        using Timer timeout = new(_ => stream.Dispose(), null, _patience, Timeout.InfiniteTimeSpan);
        byte[] shown = new byte[WorkerBootstrap.SecretLength];
        stream.ReadExactly(shown);
        if (!CryptographicOperations.FixedTimeEquals(shown, bootstrap.WorkerSecret.Span))
        {
            return false;
        }

        stream.Write(bootstrap.CallerSecret.Span);
        return true;
    }
}
