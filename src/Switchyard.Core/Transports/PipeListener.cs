using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace Switchyard.Core.Transports;

/// <summary>Listens on a named pipe that only this user may open: the only way on Windows, where it needs no folder, and slower than a socket where there are both.</summary>
internal sealed partial class PipeListener : LocalListener
{
    private const int ConnectMilliseconds = 10_000;
    private const int FileNotFound = 2;

    // Without one, a write waits until it is read.
    private const int BufferLength = 64 * 1024;

    // One takes one client. There is always one more than the client that has just come, or others would find no pipe of that name, and could make it.
    private const int MostWaiting = 4;

    // Asynchronous, though it is used synchronously: otherwise Windows lets a write wait for the read of another thread.
    private const PipeOptions Options = PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly;

    private readonly object _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<(NamedPipeServerStream Pipe, Task Connected)> _waiting = [];

    /// <exception cref="IOException">It cannot listen.</exception>
    public PipeListener()
    {
        Name = "switchyard-" + Guid.NewGuid().ToString("N");
        Listen(PipeOptions.FirstPipeInstance);
    }

    public override string Name { get; }

    /// <exception cref="IOException">Nothing listens there, or another process than the caller.</exception>
    public static Stream Connect(string name)
    {
        NamedPipeClientStream pipe = new(".", name, PipeDirection.InOut, Options);
        try
        {
            Connect(pipe, name);
            return pipe;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or UnauthorizedAccessException)
        {
            pipe.Dispose();
            throw exception is UnauthorizedAccessException
                ? new IOException(Messages.ListenerNotCaller, exception)
                : new IOException(MessageText.Format(Messages.PipeWithoutListener, name), exception);
        }
    }

    public override void Dispose()
    {
        lock (_lock)
        {
            _closing.Cancel();
            foreach ((NamedPipeServerStream pipe, _) in _waiting)
            {
                pipe.Dispose();
            }
        }
    }

    protected override Stream Accept()
    {
        while (true)
        {
            ListenMore();
            int index = Task.WaitAny([.. _waiting.Select(waiting => waiting.Connected)]);
            (NamedPipeServerStream pipe, Task connected) = _waiting[index];
            ListenMore(index);
            if (connected.IsCompletedSuccessfully)
            {
                return pipe;
            }

            // It came and went.
            pipe.Dispose();
        }
    }

    protected override bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or ObjectDisposedException or IOException;

    private static void Connect(NamedPipeClientStream pipe, string name)
    {
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            int left = Math.Max(0, ConnectMilliseconds - (int)Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            try
            {
                // Where nothing listens, Windows' own call would wait for a listener.
                pipe.Connect(OperatingSystem.IsWindows() ? 0 : left);
                return;
            }
            catch (TimeoutException) when (OperatingSystem.IsWindows() && left > 0 && (WaitForPipe(@"\\.\pipe\" + name, left) || Marshal.GetLastPInvokeError() != FileNotFound))
            {
                // All were taken, and now one is free, as it seems.
            }
        }
    }

    [LibraryImport("kernel32", EntryPoint = "WaitNamedPipeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool WaitForPipe(string name, int milliseconds);

    /// <summary>Waits for more clients, as far as the system lets it.</summary>
    /// <param name="taken">The place of what has its client; null for none.</param>
    private void ListenMore(int? taken = null)
    {
        try
        {
            while (_waiting.Count < MostWaiting + (taken is null ? 0 : 1))
            {
                Listen(PipeOptions.None);
            }
        }
        catch (IOException exception) when (_waiting.Count > (taken is null ? 0 : 1))
        {
            Debug.WriteLine(exception);
        }

        lock (_lock)
        {
            if (taken is { } index)
            {
                _waiting.RemoveAt(index);
            }
        }
    }

    private void Listen(PipeOptions more)
    {
        lock (_lock)
        {
            _closing.Token.ThrowIfCancellationRequested();
            try
            {
                NamedPipeServerStream pipe = new(
                    Name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, Options | more, BufferLength, BufferLength);
                _waiting.Add((pipe, pipe.WaitForConnectionAsync(_closing.Token)));
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new IOException(exception.Message, exception);
            }
        }
    }
}
