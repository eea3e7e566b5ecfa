using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>A shared object that another process holds.</summary>
internal sealed class RemoteObject(StateClient client, SharedAddress address) : ICounter, IQueue, IDictionaryStore, ILock
{
    public int Count => Call(StateCalls.CountElements, default);

    int IQueue.Capacity => address.Detail;

    bool IQueue.IsCompleted => Call(StateCalls.QueueIsCompleted, default);

    bool IDictionaryStore.IsCaseSensitive => address.Detail != 0;

    long ICounter.Read() => Call(StateCalls.CounterRead, default);

    long ICounter.Add(long amount) => Call(StateCalls.CounterAdd, amount);

    long ICounter.CompareExchange(long value, long expected) => Call(StateCalls.CounterExchange, (value, expected));

    bool IQueue.TryEnqueue(object? value, in WaitLimit limit) => client.Call(address, StateCalls.Enqueue, (limit.Left, value), limit).IsDone;

    bool IQueue.TryDequeue(out object? value, in WaitLimit limit)
    {
        (bool isThere, value) = client.Call(address, StateCalls.Dequeue, (limit.Left, default), limit, acknowledges: true);
        return isThere;
    }

    void IQueue.Complete() => Call(StateCalls.Complete, default);

    bool IDictionaryStore.TryGet(object key, out object? value, out long version)
    {
        (bool isThere, (value, version)) = Call(StateCalls.DictionaryGet, key);
        return isThere;
    }

    void IDictionaryStore.Set(object key, object? value) => Call(StateCalls.DictionarySet, (key, value));

    object? IDictionaryStore.GetOrAdd(object key, object? value) => Call(StateCalls.DictionaryGetOrAdd, (key, value));

    object? IDictionaryStore.AddOrUpdate(object key, object? initial, object delta) => Call(StateCalls.DictionaryAddOrUpdate, (key, (initial, delta)));

    bool IDictionaryStore.TryReplace(object key, object? value, long version) => Call(StateCalls.DictionaryReplace, (key, (value, version)));

    bool IDictionaryStore.TryUpdate(object key, object? value, object? expected) => Call(StateCalls.DictionaryUpdate, (key, (value, expected)));

    bool IDictionaryStore.TryRemove(object key, out object? value)
    {
        (bool wasThere, value) = Call(StateCalls.DictionaryRemove, key);
        return wasThere;
    }

    void IDictionaryStore.Clear() => Call(StateCalls.DictionaryClear, default);

    IReadOnlyList<KeyValuePair<object, object?>> IDictionaryStore.Snapshot() =>
        [.. Call(StateCalls.DictionarySnapshot, default).Select(entry => KeyValuePair.Create(entry.Key, entry.Value))];

    ILockHold? ILock.TryEnter(in WaitLimit limit)
    {
        StateClient.Connection connection = client.Take(address);
        (bool isHeld, bool followsAbandoned) = connection.Call(address, StateCalls.LockEnter, (limit.Left, default), limit);
        if (isHeld)
        {
            return new Hold(client, address, connection, followsAbandoned);
        }

        client.Keep(connection);
        return null;
    }

    private TResult Call<TArgument, TResult>(TypedCall<TArgument, TResult> call, TArgument argument) => client.Call(address, call, argument, limit: null);

    /// <summary>Keeps the connection over which a lock was taken: the lock is released with it, however it ends.</summary>
    private sealed class Hold(StateClient client, SharedAddress address, StateClient.Connection connection, bool followsAbandoned) : ILockHold
    {
        private StateClient.Connection? _connection = connection;

        public bool FollowsAbandoned { get; } = followsAbandoned;

        public void Exit() => Release(StateCalls.LockExit);

        public void Abandon() => Release(StateCalls.LockAbandon);

        private void Release(TypedCall<Nothing, Nothing> call)
        {
            if (Interlocked.Exchange(ref _connection, null) is { } mine)
            {
                mine.Call(address, call, default, limit: null);
                client.Keep(mine);
            }
        }
    }
}
