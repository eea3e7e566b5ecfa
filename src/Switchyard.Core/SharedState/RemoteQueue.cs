namespace Switchyard.Core.SharedState;

/// <summary>A queue that another process holds.</summary>
/// <param name="client">Reaches the other process.</param>
/// <param name="address">Says which queue.</param>
internal sealed class RemoteQueue(StateClient client, SharedAddress address) : IQueue
{
    /// <inheritdoc/>
    public int Count => client.Call(address, StateOperation.QueueCount, static (_, _) => { }, static (reader, _) => reader.ReadCount(0));

    /// <inheritdoc/>
    public int Capacity => address.Detail;

    /// <inheritdoc/>
    public bool IsCompleted =>
        client.Call(address, StateOperation.QueueIsCompleted, static (_, _) => { }, static (reader, _) => reader.ReadBoolean());

    /// <inheritdoc/>
    public bool TryEnqueue(object? value, in WaitLimit limit)
    {
        (bool isIn, StateClient.Connection connection) = client.CallWaiting(
            address, StateOperation.Enqueue, limit, (writer, codec) => codec.Write(writer, value), static (reader, _) => reader.ReadBoolean());
        client.Keep(connection);
        return isIn;
    }

    /// <inheritdoc/>
    public bool TryDequeue(out object? value, in WaitLimit limit)
    {
        ((bool isThere, value), StateClient.Connection connection) = client.CallWaiting(
            address,
            StateOperation.Dequeue,
            limit,
            static (_, _) => { },
            static (reader, codec) => reader.ReadBoolean() ? (true, codec.Read(reader)) : (false, null),
            arrives: true);
        client.Keep(connection);
        return isThere;
    }

    /// <inheritdoc/>
    public void Complete() => client.Call(address, StateOperation.Complete, static (_, _) => { }, static (_, _) => true);
}
