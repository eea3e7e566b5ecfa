using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>Lets other processes of this user see and steer this one's batches, by a socket or pipe of its own. Each connection has a thread that waits for what it asks.</summary>
internal sealed class ControlServer : IDisposable
{
    private readonly object _lock = new();
    private readonly Func<ControlRequest, ControlReply> _answer;
    private readonly HashSet<FrameStream> _connections = [];
    private readonly LocalListener _listener;
    private bool _isClosed;

    /// <summary>Begins to listen, and says so.</summary>
    /// <param name="folder">The session's private folder.</param>
    /// <exception cref="IOException">It cannot.</exception>
    public ControlServer(string folder, Func<ControlRequest, ControlReply> answer)
    {
        _answer = answer;
        _listener = LocalListener.Open(folder);
        try
        {
            LocalEndpoint endpoint = LocalEndpoint.Create(_listener.Name);
            _listener.Serve(endpoint, TryTake);
            SessionFile.Write(folder, endpoint);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        FrameStream[] connections;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            connections = [.. _connections];
        }

        _listener.Dispose();
        foreach (FrameStream connection in connections)
        {
            connection.Dispose();
        }
    }

    // On the thread that has checked the caller, and which is this connection's from now on.
    private bool TryTake(Stream stream)
    {
        using FrameStream connection = new(stream);
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _connections.Add(connection);
        }

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

        lock (_lock)
        {
            _connections.Remove(connection);
        }

        return true;
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
