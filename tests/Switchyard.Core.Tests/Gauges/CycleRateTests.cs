namespace Switchyard.Core.Gauges;

public sealed class CycleRateTests
{
    private const long Frequency = 10_000_000;

    private double _cyclesPerTick = 250;
    private double _cycles;
    private long _now;
    private int _measured;

    // Each look at the clock takes a tick, in which the thread computes. A tick is 100 ns here, as one of TimeSpan's.
    private CycleRate Create() => new(() => (ulong)_cycles, Read, Frequency);

    [Fact]
    public void It_is_that_of_the_counter_to_the_clock() => Assert.Equal(250, Create().PerTick, 5.0);

    [Fact]
    public void It_is_measured_again_after_a_second_and_not_before()
    {
        CycleRate rate = Create();
        Assert.Equal(250, rate.PerTick, 5.0);
        int looks = _measured;
        _cyclesPerTick = 500;
        Assert.Equal(250, rate.PerTick, 5.0);
        Assert.Equal(looks + 1, _measured);
        _now += Frequency;
        Assert.Equal(500, rate.PerTick, 10.0);
    }

    [Fact]
    public void A_try_that_lost_the_core_does_not_count()
    {
        CycleRate rate = new(() => (ulong)_cycles, () => Read() is var now && _measured is 50 or 250 ? _now += 1000 : now, Frequency);
        Assert.Equal(250, rate.PerTick, 5.0);
    }

    [Fact]
    public void Time_that_was_counted_stays_whatever_the_rate_is_later()
    {
        CycleTime time = new();
        Assert.Equal(TimeSpan.FromTicks(40), time.Advance(10_000, 250));
        Assert.Equal(TimeSpan.FromTicks(40), time.Advance(10_000, 500));
        Assert.Equal(TimeSpan.FromTicks(50), time.Advance(15_000, 500));
    }

    private long Read()
    {
        _measured++;
        _cycles += _cyclesPerTick;
        return ++_now;
    }
}
