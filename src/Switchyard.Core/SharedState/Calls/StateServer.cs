using System.Security.Cryptography;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Core.Transports;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>
/// Lets other processes of this user reach the shared objects of this one, over a socket or pipe of its own: each connection is one
/// caller's at a time, and has a thread here that waits for what it wants.
/// </summary>
internal sealed class StateServer : IDisposable
{
    private readonly object _lock = new();
    private readonly Dictionary<long, SharedObjectState> _objects = [];
    private readonly OpenConnections<StateServerConnection> _connections;
    private readonly Func<IStateCodec> _createCodec;
    private readonly string? _folder;
    private readonly LocalEndpoint _endpoint;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">It cannot listen.</exception>
    public StateServer(Func<IStateCodec> createCodec)
    {
        _createCodec = createCodec;
        (_folder, LocalListener listener) = PrivateFolder.Use(folder => (folder, LocalListener.Open(folder)));
        _connections = new OpenConnections<StateServerConnection>(listener);
        _endpoint = LocalEndpoint.Create(listener.Name);
        listener.Serve(_endpoint, stream => TryTake(stream, SharedOrigin.LocalProcess));
    }

    /// <summary>Whether an address is of an object of this process.</summary>
    public bool IsHolderOf(SharedAddress address) => IsAt(address.Holder.Name);

    public bool IsAt(string name) => name == _endpoint.Name;

    /// <summary>Serves a far worker over a stream that it has opened, if it shows the secret, until it ends that.</summary>
    public void Serve(Stream stream) => LocalListener.Check(stream, _endpoint, one => TryTake(one, SharedOrigin.FarWorker));

    /// <summary>Makes an object reachable until it is disposed of.</summary>
    public SharedAddress Export(SharedObjectState state, ref long id, int detail)
    {
        lock (_lock)
        {
            if (id == 0)
            {
                // Not to be guessed: who was given one object has not been given the others.
                id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) | 1;
                _objects[id] = state;
            }
        }

        return new SharedAddress(state.Kind, state.Name, id, detail, _endpoint);
    }

    /// <summary>Finds an object by its number.</summary>
    /// <returns>The object; null if there is none any more.</returns>
    public SharedObjectState? Find(long id)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(id);
        }
    }

    public bool Forget(long id)
    {
        lock (_lock)
        {
            return _objects.Remove(id) && _objects.Count == 0;
        }
    }

    public void Dispose()
    {
        if (_connections.Close())
        {
            PrivateFolder.Remove(_folder);
        }
    }

    // On the thread that has checked the caller, and which is this connection's from now on.
    private bool TryTake(Stream stream, SharedOrigin origin)
    {
        using StateServerConnection connection = new(this, stream, CreateCodec);
        return _connections.Serve(connection, static one =>
        {
            Thread.CurrentThread.Name = "Switchyard state";
            one.Run();
        });

        IStateCodec CreateCodec()
        {
            IStateCodec codec = _createCodec();
            codec.Origin = origin;
            return codec;
        }
    }
}
