namespace Switchyard.Core.Policies;

public sealed class ThrottleBoundsTests
{
    private readonly ThrottleBounds _bounds = new(cores: 4, ceiling: 100);

    [Fact]
    public void While_nothing_is_known_nothing_is_ruled_out()
    {
        Assert.Equal((0.0, 100), (_bounds.LatencyFloor, _bounds.Highest));
        Assert.True(_bounds.PlacesAllow(1, 1e9, 0.05));
        Note(Measured(4, latency: 0, cpu: 0.05));
        Assert.Equal((0.0, 100), (_bounds.LatencyFloor, _bounds.Highest));
    }

    [Theory]
    [InlineData(0.1, 0.05, 16)]
    [InlineData(0.125, 0.1, 8)]
    [InlineData(0.11, 0.1, 5)]
    [InlineData(0.1, 0.1, 4)]
    [InlineData(0.05, 0.1, 4)]
    [InlineData(0.1, 0.001, 100)]
    [InlineData(0.1, 0, 100)]
    public void The_highest_limit_is_twice_the_knee_and_of_what_only_computes_the_knee(double latency, double cpu, int highest)
    {
        Note(Measured(4, latency, cpu));
        Assert.Equal(highest, _bounds.Highest);
    }

    [Theory]
    [InlineData(0.5, 32)]
    [InlineData(0.9, 4)]
    public void Where_others_have_the_cores_more_get_a_larger_share_of_them(double processCpuShare, int highest)
    {
        _bounds.Note(Measured(4, latency: 0.1, cpu: 0.06) with { RunQueue = 0.04 }, processCpuShare);
        Assert.Equal(highest, _bounds.Highest);
    }

    [Fact]
    public void The_time_in_which_the_collector_has_stopped_an_item_is_no_wait_of_its_own()
    {
        Note(Measured(4, latency: 0.1, cpu: 0.06) with { Paused = 0.04 });
        Assert.Equal(4, _bounds.Highest);
    }

    [Fact]
    public void A_ceiling_below_the_cores_is_the_ceiling()
    {
        ThrottleBounds low = new(cores: 4, ceiling: 3);
        low.Note(Measured(3, latency: 0.1, cpu: 0.1), 1);
        Assert.Equal(3, low.Highest);
    }

    [Fact]
    public void The_lowest_latency_counts_and_fades()
    {
        Note(Measured(4, latency: 0.1, cpu: 0) with { Error = 0.1 });
        Assert.Equal(0.11, _bounds.LatencyFloor, 9);
        Note(Measured(4, latency: 0.05, cpu: 0));
        Assert.Equal(0.05, _bounds.LatencyFloor, 9);
        Note(Measured(4, latency: 0.2, cpu: 0));
        Assert.Equal(0.0505, _bounds.LatencyFloor, 9);
    }

    [Fact]
    public void What_is_forgotten_is_the_latency_and_with_other_work_the_knee_too()
    {
        Note(Measured(4, latency: 0.1, cpu: 0.05));
        _bounds.Forget(cpuToo: false);
        Assert.Equal((0.0, 16), (_bounds.LatencyFloor, _bounds.Highest));
        _bounds.Forget(cpuToo: true);
        Assert.Equal(100, _bounds.Highest);
    }

    [Theory]
    [InlineData(80, 0.05, true)]
    [InlineData(81, 0.05, false)]
    [InlineData(1e9, 0, true)]
    public void Cores_give_so_much_by_the_utilisation_law(double throughput, double cpu, bool expected) =>
        Assert.Equal(expected, _bounds.CoresAllow(throughput, cpu));

    [Theory]
    [InlineData(4, 40, true)]
    [InlineData(4, 41, false)]
    [InlineData(8, 80, true)]
    [InlineData(2, 40, true)]
    [InlineData(2, 41, false)]
    public void Places_give_so_much_by_the_lowest_latency_and_below_what_was_measured_by_CPU_time(int limit, double throughput, bool expected)
    {
        Note(Measured(4, latency: 0.1, cpu: 0.05));
        Assert.Equal(expected, _bounds.PlacesAllow(limit, throughput, cpu: 0.05));
    }

    [Fact]
    public void What_was_measured_lower_down_counts_from_there_on()
    {
        Note(Measured(4, latency: 0.1, cpu: 0.05));
        Note(Measured(2, latency: 0.2, cpu: 0.05));
        Assert.True(_bounds.PlacesAllow(2, 19, cpu: 0.05));
        Assert.False(_bounds.PlacesAllow(2, 21, cpu: 0.05));
    }

    [Theory]
    [InlineData(0.03, 4, false)]
    [InlineData(0.031, 4, true)]
    [InlineData(0.03, 3, true)]
    [InlineData(0, 4, true)]
    public void Fewer_can_do_as_much_only_where_even_the_quickest_item_waits_or_nothing_is_known(double quickest, int limit, bool expected)
    {
        Note(Measured(4, latency: 0.1, cpu: 0.05) with { Quickest = 0.02 });
        Assert.Equal(expected, _bounds.MayQueue(limit, Measured(8, latency: 0.1, cpu: 0.05) with { Quickest = quickest }));
    }

    private void Note(in ThrottleMeasurement measured) => _bounds.Note(measured, processCpuShare: 1);

    private static ThrottleMeasurement Measured(int limit, double latency, double cpu) => new(limit, 10, latency, cpu, 1, 0, 1);
}
