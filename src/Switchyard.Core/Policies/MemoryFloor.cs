using Switchyard.Core.Gauges;

namespace Switchyard.Core.Policies;

/// <summary>Says whether memory is above a floor, without reading it each time it is asked. Not thread-safe.</summary>
internal sealed class MemoryFloor(IMemoryGauge gauge, long minFreeBytes, TimeProvider clock)
{
    // A reading costs as much as some trivial items. Low memory takes longer to change, as items have to end first.
    private static readonly TimeSpan _pauseWhileFine = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pauseWhileLow = TimeSpan.FromMilliseconds(250);

    private bool _isLow;
    private long _readAt;
    private bool _hasRead;

    public long AvailableBytes { get; private set; }

    /// <summary>Whether memory is above the floor; if not, how long until the next reading.</summary>
    public bool IsKept(long now, out TimeSpan wait)
    {
        TimeSpan age = clock.GetElapsedTime(_readAt, now);
        if (!_hasRead || age >= (_isLow ? _pauseWhileLow : _pauseWhileFine))
        {
            AvailableBytes = gauge.Read().AvailableBytes;
            _isLow = AvailableBytes < minFreeBytes;
            _hasRead = true;
            _readAt = now;
            age = TimeSpan.Zero;
        }

        wait = _isLow ? _pauseWhileLow - age : TimeSpan.Zero;
        return !_isLow;
    }
}
