namespace Switchyard.Core.Gauges;

/// <summary>The time that one thread's cycles took, each at the rate of when it was counted, so that it never runs back.</summary>
internal sealed class CycleTime
{
    private ulong _counted;
    private double _ticks;

    /// <summary>Counts up to now.</summary>
    public TimeSpan Advance(ulong cycles, double perTick)
    {
        _ticks += (cycles - _counted) / perTick;
        _counted = cycles;
        return new TimeSpan((long)_ticks);
    }
}
