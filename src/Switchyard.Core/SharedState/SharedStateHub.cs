using Switchyard.Core.Protocol.Tunnels;
using Switchyard.Core.SharedState.Calls;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Core.Transports;

namespace Switchyard.Core.SharedState;

/// <summary>
/// What a process has of shared state: the objects that it holds and others may reach, and the ways to those that others hold. It begins
/// to listen only when the first of its objects goes to another process.
/// </summary>
internal sealed class SharedStateHub : IDisposable
{
    /// <summary>What far workers call what leads to the shared objects of their caller.</summary>
    public const string ServiceName = "state";

    private readonly object _lock = new();
    private readonly Dictionary<(string Name, bool IsBeyond), StateClient> _clients = [];
    private readonly Dictionary<string, SharedAddress> _handedOn = new(StringComparer.Ordinal);
    private readonly Func<IStateCodec> _createCodec;
    private Tunnel? _toCaller;
    private StateServer? _server;

    /// <summary>Does not listen yet.</summary>
    public SharedStateHub(Func<IStateCodec> createCodec) => _createCodec = createCodec;

    /// <summary>Says how a worker reaches what its caller has given it, where that takes streams of it.</summary>
    public void ReachThroughCaller(Tunnel tunnel) => _toCaller = tunnel;

    /// <summary>Finds out where an address leads that another process has written.</summary>
    public SharedAddress Locate(SharedAddress address, SharedOrigin origin)
    {
        if (origin == SharedOrigin.Caller)
        {
            return address with { IsBeyond = address.IsBeyond || _toCaller is { IsOffered: true } };
        }

        if (origin == SharedOrigin.LocalProcess && !address.IsBeyond)
        {
            return address;
        }

        lock (_lock)
        {
            return _handedOn.TryGetValue(address.Holder.Name, out SharedAddress? known)
                ? address with { Holder = known.Holder, IsBeyond = known.IsBeyond }
                : address with { IsBeyond = true };
        }
    }

    /// <summary>Takes note of an object of another process that a third one is given: that may come through here.</summary>
    public SharedAddress HandOn(SharedAddress address)
    {
        lock (_lock)
        {
            _handedOn[address.Holder.Name] = address;
        }

        return address;
    }

    /// <summary>Serves a stream that a worker on another machine has opened to a service by its name. It has to show the secret there.</summary>
    /// <exception cref="IOException">Nothing of that name was ever given to it.</exception>
    public void Serve(Stream stream, string name)
    {
        StateServer? server;
        SharedAddress? other;
        lock (_lock)
        {
            server = _server?.IsAt(name) == true ? _server : null;
            other = _handedOn.GetValueOrDefault(name);
        }

        if (server is not null)
        {
            server.Serve(stream);
        }
        else
        {
            StreamRelay.Run(stream, Reach(other ?? throw new IOException(Messages.SharedHolderUnknown)));
        }
    }

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
            _handedOn.Clear();
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

    private Stream Reach(SharedAddress address) =>
        !address.IsBeyond ? LocalListener.ConnectUnshown(address.Holder.Name)
        : _toCaller is { IsOffered: true } tunnel ? tunnel.Open(ServiceName, address.Holder.Name)
        : throw new InvalidOperationException(
            MessageText.Format(Messages.SharedOutOfReach, SharedObjectState.Describe(address.Kind, address.Name)));

    private StateClient ClientOf(SharedAddress address)
    {
        lock (_lock)
        {
            (string, bool) way = (address.Holder.Name, address.IsBeyond);
            if (!_clients.TryGetValue(way, out StateClient? client))
            {
                _clients[way] = client = new StateClient(() => LocalListener.Greet(Reach(address), address.Holder), () => CreateCodec(address));
            }

            return client;
        }
    }

    private IStateCodec CreateCodec(SharedAddress address)
    {
        IStateCodec codec = _createCodec();
        codec.Origin = address.IsBeyond ? SharedOrigin.Caller : SharedOrigin.LocalProcess;
        return codec;
    }
}
