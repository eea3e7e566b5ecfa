namespace Switchyard.Core.SharedState.Objects;

/// <summary>A counter in the process that holds it.</summary>
internal sealed class CounterState(string name, long initial) : SharedObjectState(SharedKind.Counter, name), ICounter
{
    private long _value = initial;

    public long Read()
    {
        ThrowIfDisposed();
        return Interlocked.Read(ref _value);
    }

    public long Add(long amount)
    {
        ThrowIfDisposed();
        return Interlocked.Add(ref _value, amount);
    }

    public long CompareExchange(long value, long expected)
    {
        ThrowIfDisposed();
        return Interlocked.CompareExchange(ref _value, value, expected);
    }
}
