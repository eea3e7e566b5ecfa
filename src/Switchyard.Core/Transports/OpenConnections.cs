namespace Switchyard.Core.Transports;

/// <summary>The connections that a server serves at the moment, each on a thread of its own. Once closed it takes no more.</summary>
internal sealed class OpenConnections<T>(LocalListener listener)
    where T : IDisposable
{
    private readonly object _lock = new();
    private readonly HashSet<T> _open = [];
    private bool _isClosed;

    /// <summary>Serves one on this thread until it has ended.</summary>
    /// <returns>False if it is not taken any more.</returns>
    public bool Serve(T connection, Action<T> serve)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _open.Add(connection);
        }

        try
        {
            serve(connection);
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(connection);
            }
        }

        return true;
    }

    /// <summary>Ends the listener, and all connections.</summary>
    /// <returns>False if that was done before.</returns>
    public bool Close()
    {
        T[] open;
        lock (_lock)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = true;
            open = [.. _open];
        }

        listener.Dispose();
        foreach (T connection in open)
        {
            connection.Dispose();
        }

        return true;
    }
}
