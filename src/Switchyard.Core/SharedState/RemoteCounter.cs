namespace Switchyard.Core.SharedState;

/// <summary>A counter that another process holds.</summary>
/// <param name="client">Reaches the other process.</param>
/// <param name="address">Says which counter.</param>
internal sealed class RemoteCounter(StateClient client, SharedAddress address) : ICounter
{
    /// <inheritdoc/>
    public long Read() => client.Call(address, StateOperation.CounterRead, static (_, _) => { }, static (reader, _) => reader.ReadSigned());

    /// <inheritdoc/>
    public long Add(long amount) =>
        client.Call(address, StateOperation.CounterAdd, (writer, _) => writer.WriteSigned(amount), static (reader, _) => reader.ReadSigned());

    /// <inheritdoc/>
    public long CompareExchange(long value, long expected) => client.Call(
        address,
        StateOperation.CounterExchange,
        (writer, _) =>
        {
            writer.WriteSigned(value);
            writer.WriteSigned(expected);
        },
        static (reader, _) => reader.ReadSigned());
}
