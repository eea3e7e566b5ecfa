using Switchyard.Core.Gauges;

namespace Switchyard.Core.Policies;

/// <summary>Says whether memory is above a floor, without reading it each time it is asked. Not thread-safe.</summary>
internal sealed class MemoryFloor(IMemoryGauge gauge, long minFreeBytes, TimeProvider clock)
{
    // A reading costs as much as some trivial items. Memory that is short comes back when others end, which is slower.
    private static readonly TimeSpan _pauseWhileFine = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pauseWhileLow = TimeSpan.FromMilliseconds(250);

    private bool _isLow;
    private long _readAt;
    private bool _hasRead;

    /// <summary>What the last reading found, in bytes.</summary>
    public long AvailableBytes { get; private set; }

    /// <summary>Whether memory is above the floor.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="wait">Zero, or how long until the next reading.</param>
    /// <returns>True if so.</returns>
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
