using Microsoft.Extensions.Time.Testing;

namespace Switchyard.Core.Harness;

/// <summary>A clock that a test stops others at: whoever asks it for a timestamp first does what the test says.</summary>
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
