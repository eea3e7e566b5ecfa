namespace Switchyard.Core.SharedState;

/// <summary>A counter in the process that holds it.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="initial">What it begins with.</param>
public sealed class CounterState(string name, long initial) : SharedObjectState(SharedKind.Counter, name), ICounter
{
    private long _value = initial;

    /// <inheritdoc/>
    public long Read()
    {
        ThrowIfDisposed();
        return Interlocked.Read(ref _value);
    }

    /// <inheritdoc/>
    public long Add(long amount)
    {
        ThrowIfDisposed();
        return Interlocked.Add(ref _value, amount);
    }

    /// <inheritdoc/>
    public long CompareExchange(long value, long expected)
    {
        ThrowIfDisposed();
        return Interlocked.CompareExchange(ref _value, value, expected);
    }
}
