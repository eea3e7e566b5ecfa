namespace Switchyard.Core.SharedState;

/// <summary>A lock that another process holds. Whoever has taken it keeps a connection: with that it is let go, however that ends.</summary>
/// <param name="client">Reaches the other process.</param>
/// <param name="address">Says which lock.</param>
internal sealed class RemoteLock(StateClient client, SharedAddress address) : ILock
{
    /// <inheritdoc/>
    public ILockHold? TryEnter(in WaitLimit limit)
    {
        ((bool isHeld, bool followsAbandoned), StateClient.Connection connection) = client.CallWaiting(
            address,
            StateOperation.LockEnter,
            limit,
            static (_, _) => { },
            static (reader, _) => reader.ReadBoolean() ? (true, reader.ReadBoolean()) : (false, false));
        if (isHeld)
        {
            return new Hold(client, address, connection, followsAbandoned);
        }

        client.Keep(connection);
        return null;
    }

    private sealed class Hold(StateClient client, SharedAddress address, StateClient.Connection connection, bool followsAbandoned) : ILockHold
    {
        private StateClient.Connection? _connection = connection;

        public bool FollowsAbandoned { get; } = followsAbandoned;

        public void Exit() => LetGo(StateOperation.LockExit);

        public void Abandon() => LetGo(StateOperation.LockAbandon);

        private void LetGo(StateOperation operation)
        {
            if (Interlocked.Exchange(ref _connection, null) is { } mine)
            {
                mine.Call(address, operation, static (_, _) => { }, static (_, _) => true, limit: null);
                client.Keep(mine);
            }
        }
    }
}
