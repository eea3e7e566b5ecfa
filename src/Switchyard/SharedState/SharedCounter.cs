using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard;

/// <summary>A whole number of 64 bits that many count with at once. Every member is atomic.</summary>
public sealed class SharedCounter : SharedObject
{
    private readonly ICounter _counter;

    internal SharedCounter(CounterState state)
        : base(state) => _counter = state;

    internal SharedCounter(SharedAddress address)
        : base(address) => _counter = Hub.Counter(address);

    /// <summary>The number at this moment.</summary>
    public long Value => _counter.Read();

    /// <summary>Adds to it.</summary>
    /// <param name="amount">How much; it may be negative.</param>
    /// <returns>The number after that.</returns>
    public long Add(long amount) => _counter.Add(amount);

    /// <summary>Adds one.</summary>
    /// <returns>The number after that.</returns>
    public long Increment() => _counter.Add(1);

    /// <summary>Takes one away.</summary>
    /// <returns>The number after that.</returns>
    public long Decrement() => _counter.Add(-1);

    /// <summary>Replaces it if it is what is expected.</summary>
    /// <param name="value">The new number.</param>
    /// <param name="expected">What it must be.</param>
    /// <returns>The number before: it was replaced if that is what was expected.</returns>
    public long CompareExchange(long value, long expected) => _counter.CompareExchange(value, expected);
}
