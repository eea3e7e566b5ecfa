using System.IO.Pipes;

namespace Switchyard.Core.Transports;

/// <summary>Listens on a named pipe that only this user may open: the way on Windows, and slower than a socket where there are both.</summary>
internal sealed class PipeListener : LocalListener
{
    private const int ConnectMilliseconds = 10_000;

    // Asynchronous, though it is used synchronously: otherwise Windows lets a write wait for the read of another thread.
    private const PipeOptions Options = PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly;

    private readonly CancellationTokenSource _closing = new();
    private NamedPipeServerStream? _next;

    public PipeListener()
    {
        Name = "switchyard-" + Guid.NewGuid().ToString("N");
        _next = CreateServer();
    }

    public override string Name { get; }

    public static Stream Connect(string name)
    {
        NamedPipeClientStream pipe = new(".", name, PipeDirection.InOut, Options);
        try
        {
            pipe.Connect(ConnectMilliseconds);
            return pipe;
        }
        catch (TimeoutException exception)
        {
            pipe.Dispose();
            throw new IOException(MessageText.Format(Messages.PipeWithoutListener, name), exception);
        }
    }

    public override void Dispose()
    {
        _closing.Cancel();
        _next?.Dispose();
    }

    protected override Stream Accept()
    {
        NamedPipeServerStream pipe = _next ?? CreateServer();
        _next = pipe;

        // There is no other way to end the wait.
        pipe.WaitForConnectionAsync(_closing.Token).GetAwaiter().GetResult();
        _next = null;
        return pipe;
    }

    protected override bool IsEnd(Exception exception) =>
        exception is OperationCanceledException or ObjectDisposedException or IOException;

    private NamedPipeServerStream CreateServer() =>
        new(Name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, Options);
}
