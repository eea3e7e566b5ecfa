using Switchyard.Codec;
using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;
using Switchyard.SharedState;

namespace Switchyard;

/// <summary>
/// Something that the caller, thread workers and process workers share: made by <c>New-SharedState</c>, and the same wherever it is used. In
/// the process that made it, it is used directly; another process that it is sent to reaches it over a channel of its own.
/// </summary>
public abstract class SharedObject : IDisposable, IWireObject
{
    private readonly SharedObjectState? _state;
    private readonly SharedAddress? _address;
    private long _id;

    private protected SharedObject(SharedObjectState state)
    {
        _state = state;
        Kind = state.Kind;
        Name = state.Name;
    }

    private protected SharedObject(SharedAddress address)
    {
        _address = address;
        Kind = address.Kind;
        Name = address.Name;
    }

    /// <summary>What it is.</summary>
    public SharedKind Kind { get; }

    /// <summary>What it is called in messages; empty if it was given no name.</summary>
    public string Name { get; }

    /// <summary>What the process has of shared state. One for all sessions, as they share one process.</summary>
    internal static SharedStateHub Hub { get; } = new(() => new StateCodec());

    /// <summary>Of a queue its capacity, of a dictionary 1 if texts as keys differ by their case.</summary>
    private protected virtual int Detail => 0;

    /// <summary>Ends it, for all: a call that waits for it fails, and so does any later one.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Its name, or what it is if it has none.</summary>
    /// <returns>Such as <c>queue 'links'</c>.</returns>
    public override string ToString() => SharedObjectState.Describe(Kind, Name);

    /// <summary>Makes an object of what another process wrote of it.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The object.</returns>
    internal static SharedObject Read(WireReader reader) => Read(reader, SharedOrigin.LocalProcess);

    /// <summary>Makes an object of what the caller of this process wrote of it.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The object.</returns>
    internal static SharedObject ReadOfCaller(WireReader reader) => Read(reader, SharedOrigin.Caller);

    /// <summary>Makes an object of what a worker of this process on another machine wrote of it.</summary>
    /// <param name="reader">Where from.</param>
    /// <returns>The object.</returns>
    internal static SharedObject ReadOfFarWorker(WireReader reader) => Read(reader, SharedOrigin.FarWorker);

    /// <summary>Makes an object of what another process wrote of it.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="origin">Which process.</param>
    /// <returns>The object.</returns>
    internal static SharedObject Read(WireReader reader, SharedOrigin origin)
    {
        SharedAddress address = Hub.Locate(SharedAddress.Read(reader), origin);
        if (Hub.IsOwn(address, out SharedObjectState? state))
        {
            return state switch
            {
                QueueState queue => new SharedQueue(queue) { _id = address.Id },
                DictionaryState dictionary => new SharedDictionary(dictionary) { _id = address.Id },
                CounterState counter => new SharedCounter(counter) { _id = address.Id },
                LockState one => new SharedLock(one) { _id = address.Id },
                _ => throw SharedObjectState.DisposedError(address.Kind, address.Name),
            };
        }

        return address.Kind switch
        {
            SharedKind.Queue => new SharedQueue(address),
            SharedKind.Dictionary => new SharedDictionary(address),
            SharedKind.Counter => new SharedCounter(address),
            _ => new SharedLock(address),
        };
    }

    /// <inheritdoc/>
    void IWireObject.Write(WireWriter writer) => (_address is null ? Hub.Export(_state!, ref _id, Detail) : Hub.HandOn(_address)).Write(writer);

    /// <summary>Ends it, for all.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        if (_state is null)
        {
            Hub.DisposeRemote(_address!);
            return;
        }

        _state.Dispose();
        Hub.Forget(_id);
        _id = 0;
    }
}
