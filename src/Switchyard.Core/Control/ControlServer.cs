using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>Lets other processes of this user see and steer this one's batches, by a socket or pipe of its own. Each connection has a thread that waits for what it asks.</summary>
internal sealed class ControlServer : IDisposable
{
    private readonly Func<ControlRequest, ControlReply> _answer;
    private readonly OpenConnections<FrameStream> _connections;

    /// <summary>Begins to listen, and says so.</summary>
    /// <param name="folder">The session's private folder.</param>
    /// <exception cref="IOException">It cannot.</exception>
    public ControlServer(string folder, Func<ControlRequest, ControlReply> answer)
    {
        _answer = answer;
        LocalListener listener = LocalListener.Open(folder);
        _connections = new OpenConnections<FrameStream>(listener);
        try
        {
            LocalEndpoint endpoint = LocalEndpoint.Create(listener.Name);
            listener.Serve(endpoint, TryTake);
            SessionFile.Write(folder, endpoint);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose() => _connections.Close();

    // On the thread that has checked the caller, and which is this connection's from now on.
    private bool TryTake(Stream stream)
    {
        using FrameStream connection = new(stream);
        return _connections.Serve(connection, ServeToTheEnd);
    }

    private void ServeToTheEnd(FrameStream connection)
    {
        Thread.CurrentThread.Name = "Switchyard control";
        try
        {
            Serve(connection);
        }
        catch (Exception exception)
        {
            // It has asked all that it wanted, or sends what no client would, or what it asks cannot be found out. On this thread, whatever it is would end the caller's process.
            Debug.WriteLine(exception);
        }
    }

    private void Serve(FrameStream connection)
    {
        WireReader reader = new();
        WireWriter writer = new();
        while (true)
        {
            // A request is a few bytes.
            if (connection.ReadHello(reader) != FrameKind.ControlRequest)
            {
                throw new MalformedFrameException(Messages.ControlRequestUnknown);
            }

            writer.Clear();
            _answer(ControlRequest.Read(reader)).Write(writer);
            connection.Write(FrameKind.ControlReply, writer);
        }
    }
}
