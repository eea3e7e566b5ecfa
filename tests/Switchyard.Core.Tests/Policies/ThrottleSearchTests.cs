namespace Switchyard.Core.Policies;

public sealed class ThrottleSearchTests
{
    private readonly ThrottleSearch _search = new(cores: 4, ceiling: 100);

    [Fact]
    public void What_waits_is_tried_with_four_times_as_many_and_goes_on_while_that_pays()
    {
        Assert.Equal((4, 0.1), (_search.Limit, _search.LeastSeconds));
        Assert.Equal((4, 16), Judge(Measured(4, 40), now: 0));
        Assert.Equal(16, _search.Limit);
        Assert.Equal((16, 64), Judge(Measured(16, 160), now: 0.5));
        Assert.Equal(0.1, _search.LatencyFloor, 9);
    }

    [Theory]
    [InlineData(53, 16, 64)]
    [InlineData(51, 16, 2)]
    public void A_rise_has_to_bring_a_tenth_of_what_it_could(double throughput, int from, int to)
    {
        Judge(Measured(4, 40), now: 0);
        Assert.Equal((from, to), Judge(Measured(16, throughput), now: 0.5));
    }

    [Theory]
    [InlineData(56, 2)]
    [InlineData(58, 64)]
    public void And_more_where_the_measurements_are_unsure(double throughput, int to)
    {
        Judge(Measured(4, 40) with { Error = 0.2 }, now: 0);
        Assert.Equal((16, to), Judge(Measured(16, throughput) with { Error = 0.2 }, now: 0.5));
    }

    [Fact]
    public void After_a_trial_that_did_not_pay_an_old_base_is_measured_again()
    {
        Judge(Measured(4, 40), now: 0);
        ThrottleChange? change = _search.Judge(Measured(16, 51), now: 1, cpuShare: 0);
        Assert.Equal("from 16 to 4: 51 items/s at 16 gained too little over 40 items/s at 4", change?.ToString());
        Assert.Equal((4, 2), Judge(Measured(4, 40), now: 1.1));
    }

    [Fact]
    public void After_one_that_did_not_pay_a_young_base_is_left_at_once()
    {
        Judge(Measured(4, 40), now: 0);
        Assert.Equal(
            "from 16 to 2: 51 items/s at 16 gained too little over 40 items/s at 4; trying 2 instead",
            _search.Judge(Measured(16, 51), now: 0.9, cpuShare: 0)?.ToString());
    }

    [Fact]
    public void Nothing_is_learned_from_a_lack_of_input()
    {
        Assert.Null(Judge(Measured(4, 40) with { Occupancy = 0.8 }, now: 0));
        Assert.Equal((4, 16), Judge(Measured(4, 40), now: 0.5));
        Assert.Equal(
            "from 16 to 4: only 8 of 16 places were filled",
            _search.Judge(Measured(16, 45) with { Occupancy = 0.5 }, now: 1, cpuShare: 0)?.ToString());
        Assert.Equal(0.25, _search.LeastSeconds);

        // It rests for a second, and then only looks whether things have changed.
        Assert.Null(Judge(Measured(4, 40), now: 1.9));
        Assert.NotNull(Judge(Measured(4, 40), now: 2));
    }

    [Fact]
    public void Work_that_has_changed_twice_ends_the_rest()
    {
        Rest();
        Assert.Null(Judge(Measured(4, 80), now: 1.1));
        Assert.Null(Judge(Measured(4, 40), now: 1.2));
        Assert.Null(Judge(Measured(4, 80), now: 1.3));
        Assert.Equal((4, 3), Judge(Measured(4, 80), now: 1.4));
        Assert.Equal(0.1, _search.LeastSeconds);
    }

    [Fact]
    public void What_is_over_at_once_gets_no_more_than_the_cores()
    {
        ThrottleMeasurement trivial = Measured(4, 1e6) with { Latency = 15e-6 };
        Assert.Null(Judge(trivial, now: 0));
        Assert.Equal((4, 8), Grow());
        Assert.Equal(
            "from 8 to 4: an item takes 15 us, and more workers than cores do not help such short ones",
            _search.Judge(trivial with { Limit = 8 }, now: 1, cpuShare: 1)?.ToString());
    }

    [Fact]
    public void It_grows_blindly_by_doubling_up_to_the_ceiling()
    {
        Assert.Equal([(4, 8), (8, 16), (16, 32), (32, 64), (64, 100), null], Enumerable.Range(0, 6).Select(_ => Grow()));
        Assert.Equal(100, _search.Limit);
    }

    [Fact]
    public void More_than_keep_the_cores_busy_are_given_back()
    {
        while (_search.Limit < 64)
        {
            Grow();
        }

        Assert.Equal(
            "from 64 to 4: an item uses 100 ms of CPU, so 4 cores are busy with fewer; 40 items/s at 64",
            _search.Judge(Measured(64, 40) with { Cpu = 0.1 }, now: 0, cpuShare: 1)?.ToString());
    }

    [Fact]
    public void What_waits_after_items_that_computed_is_not_kept_to_what_those_needed()
    {
        while (_search.Limit < 64)
        {
            Grow();
        }

        Assert.Equal((64, 4), Judge(Measured(64, 40) with { Cpu = 0.1 }, now: 0));
        Assert.Equal((4, 16), Judge(Measured(4, 40), now: 0.5));
    }

    [Fact]
    public void It_is_stopped_at_the_workers_that_keep_the_cores_busy()
    {
        Grow();
        Assert.Equal("from 8 to 6: the items of the 6 that are open keep the cores busy", _search.StopAt(6).ToString());
        Assert.Equal(6, _search.Limit);
    }

    [Theory]
    [InlineData(0.3, 23, true)]
    [InlineData(0.3, 25, false)]
    [InlineData(0.24, 1, false)]
    public void A_trial_that_brings_far_less_is_broken_off(double duration, double throughput, bool expected)
    {
        ThrottleMeasurement soFar = Measured(16, throughput) with { Duration = duration };
        Assert.False(_search.IsHopeless(soFar));
        Judge(Measured(4, 40), now: 0);
        Assert.Equal(expected, _search.IsHopeless(soFar));
    }

    [Fact]
    public void A_trial_of_few_or_long_items_is_given_time()
    {
        Judge(Measured(4, 30), now: 0);
        Assert.False(_search.IsHopeless(Measured(16, 1) with { Duration = 0.3 }));
        Assert.True(_search.IsHopeless(Measured(16, 1) with { Duration = 0.34 }));

        ThrottleSearch slow = new(4, 100);
        slow.Judge(Measured(4, 40) with { Latency = 1 }, 0, 0);
        Assert.False(slow.IsHopeless(Measured(16, 1) with { Duration = 2 }));
        Assert.True(slow.IsHopeless(Measured(16, 1) with { Duration = 2.1 }));
    }

    [Theory]
    [InlineData(79, true)]
    [InlineData(78, false)]
    public void A_fall_may_lose_next_to_nothing(double throughput, bool pays)
    {
        Grow();
        Assert.Equal((8, 32), Judge(Measured(8, 80), now: 0));
        Assert.Equal((32, 4), Judge(Measured(32, 80), now: 0.5));
        Judge(Measured(4, throughput), now: 0.9);
        Assert.Equal(pays, _search.Limit < 8);
    }

    [Theory]
    [InlineData(9.9, true)]
    [InlineData(9.7, false)]
    public void A_rise_to_the_cores_may_lose_no_more_than_a_fall_below_them_has_to_gain(double throughput, bool pays)
    {
        ThrottleSearch search = new(cores: 4, ceiling: 100, initial: 1);
        Assert.Equal(4, search.Judge(Measured(1, 10), 0, cpuShare: 0)?.NewLimit);
        search.Judge(Measured(4, throughput), 0.9, cpuShare: 0);
        Assert.Equal(pays, search.Limit >= 4);
    }

    private static ThrottleMeasurement Measured(int limit, double throughput) => new(limit, throughput, 0.1, 0.001, 1, 0, 0.5);

    private (int From, int To)? Judge(in ThrottleMeasurement measured, double now) =>
        _search.Judge(measured, now, cpuShare: 0) is { } change ? (change.OldLimit, change.NewLimit) : null;

    private (int From, int To)? Grow() => _search.GrowBlindly(0.25, 0) is { } change ? (change.OldLimit, change.NewLimit) : null;

    private void Rest()
    {
        Judge(Measured(4, 40), now: 0);
        Judge(Measured(16, 45) with { Occupancy = 0.5 }, now: 1);
    }
}
