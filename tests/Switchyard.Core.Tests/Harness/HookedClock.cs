using Microsoft.Extensions.Time.Testing;

namespace Switchyard.Core.Harness;

/// <summary>A clock that a test stops other threads at: the first that asks it for a timestamp does what the test says.</summary>
internal sealed class HookedClock : FakeTimeProvider
{
    private Action? _onTimestamp;

    public Action? OnTimestamp
    {
        get => Volatile.Read(ref _onTimestamp);
        set => Volatile.Write(ref _onTimestamp, value);
    }

    public override long GetTimestamp()
    {
        OnTimestamp?.Invoke();
        return base.GetTimestamp();
    }
}
