using Switchyard.Core.SharedState.Calls;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState;

/// <summary>
/// What a process has of shared state: the objects that it holds and others may reach, and the ways to those that others hold. It begins
/// to listen only when the first of its objects goes to another process.
/// </summary>
internal sealed class SharedStateHub : IDisposable
{
    private readonly object _lock = new();
    private readonly Dictionary<string, StateClient> _clients = new(StringComparer.Ordinal);
    private readonly Func<IStateCodec> _createCodec;
    private StateServer? _server;

    /// <summary>Does not listen yet.</summary>
    public SharedStateHub(Func<IStateCodec> createCodec) => _createCodec = createCodec;

    /// <summary>Makes an object reachable from other processes, until it is disposed of.</summary>
    /// <param name="id">Its number, which this keeps in the object's owner: 0 before the first call.</param>
    /// <exception cref="IOException">It cannot listen.</exception>
    /// <exception cref="ObjectDisposedException">The object is no more.</exception>
    public SharedAddress Export(SharedObjectState state, ref long id, int detail)
    {
        lock (_lock)
        {
            if (state.IsDisposed)
            {
                throw SharedObjectState.DisposedError(state.Kind, state.Name);
            }

            if (_server is null)
            {
                _server = new StateServer(_createCodec);

                // Its folder is to be gone with the process.
                AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            }

            return _server.Export(state, ref id, detail);
        }
    }

    /// <summary>Ends other processes' access to an object, and the listening if it was the last.</summary>
    /// <param name="id">Its number; 0 if it never was reachable.</param>
    public void Forget(long id)
    {
        StateServer? server = null;
        lock (_lock)
        {
            if (_server?.Forget(id) == true)
            {
                (server, _server) = (_server, null);
                AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            }
        }

        server?.Dispose();
    }

    /// <summary>Closes the connections to other processes; using one of their objects opens one again.</summary>
    public void HangUp()
    {
        StateClient[] clients;
        lock (_lock)
        {
            clients = [.. _clients.Values];
            _clients.Clear();
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    /// <summary>Finds an object that this process holds itself: it has come back from where it was sent.</summary>
    /// <param name="state">The object; null if it was disposed of.</param>
    /// <returns>False if another process holds it.</returns>
    public bool IsOwn(SharedAddress address, out SharedObjectState? state)
    {
        lock (_lock)
        {
            bool isOwn = _server?.IsHolderOf(address) == true;
            state = isOwn ? _server!.Find(address.Id) : null;
            return isOwn;
        }
    }

    /// <summary>Makes a counter of another process usable here.</summary>
    public ICounter Counter(SharedAddress address) => new RemoteObject(ClientOf(address), address);

    /// <summary>Makes a queue of another process usable here.</summary>
    public IQueue Queue(SharedAddress address) => new RemoteObject(ClientOf(address), address);

    /// <summary>Makes a dictionary of another process usable here.</summary>
    public IDictionaryStore Dictionary(SharedAddress address) => new RemoteObject(ClientOf(address), address);

    /// <summary>Makes a lock of another process usable here.</summary>
    public ILock Lock(SharedAddress address) => new RemoteObject(ClientOf(address), address);

    /// <summary>Ends an object of another process, for all.</summary>
    public void DisposeRemote(SharedAddress address) =>
        ClientOf(address).Call(address, StateCalls.Dispose, default, limit: null);

    /// <summary>Closes all connections. Later use opens them again.</summary>
    public void Dispose()
    {
        StateServer? server;
        lock (_lock)
        {
            (server, _server) = (_server, null);
        }

        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        server?.Dispose();
        HangUp();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();

    private StateClient ClientOf(SharedAddress address)
    {
        lock (_lock)
        {
            if (!_clients.TryGetValue(address.Holder.Name, out StateClient? client))
            {
                _clients[address.Holder.Name] = client = new StateClient(address.Holder, _createCodec);
            }

            return client;
        }
    }
}
