namespace Switchyard.Core.Policies;

public sealed class ThrottleMeasurementTests
{
    private static readonly ThrottleMeasurement _known = new(4, 100, 0.04, 0.01, 1, 0, 1);

    [Fact]
    public void Empty_places_mean_that_the_input_was_measured()
    {
        Assert.False((_known with { Occupancy = 0.85 }).IsStarved);
        Assert.True((_known with { Occupancy = 0.84 }).IsStarved);
    }

    [Theory]
    [InlineData(0.04, 0.01, 0.25)]
    [InlineData(0.04, 0.05, 1)]
    [InlineData(0, 0.05, 0)]
    public void The_share_of_computing_is_between_none_and_all(double latency, double cpu, double expected) =>
        Assert.Equal(expected, (_known with { Latency = latency, Cpu = cpu }).CpuShare, 9);

    [Theory]
    [InlineData(119, 0.01, 0, false)]
    [InlineData(121, 0.01, 0, true)]
    [InlineData(84, 0.01, 0, false)]
    [InlineData(83, 0.01, 0, true)]
    [InlineData(139, 0.01, 0.1, false)]
    [InlineData(141, 0.01, 0.1, true)]
    [InlineData(100, 0.0239, 0, false)]
    [InlineData(100, 0.0241, 0, true)]
    [InlineData(100, 0.0042, 0, false)]
    [InlineData(100, 0.0041, 0, true)]
    public void It_is_unlike_an_earlier_one_beyond_what_chance_explains(double throughput, double cpu, double error, bool expected)
    {
        Assert.Equal(expected, (_known with { Throughput = throughput, Cpu = cpu, Error = error }).IsUnlike(_known));
        Assert.Equal(expected, (_known with { Throughput = throughput, Cpu = cpu }).IsUnlike(_known with { Error = error }));
    }

    [Fact]
    public void Two_of_one_limit_are_steadier_than_one()
    {
        ThrottleMeasurement blended = (_known with { Throughput = 110, Error = 0.1 }).BlendedWith(_known with { Error = 0.2 });
        Assert.Equal(105, blended.Throughput, 9);
        Assert.Equal(0.2 / Math.Sqrt(2), blended.Error, 9);
        Assert.Equal(_known, blended with { Throughput = 100, Error = 0 });
    }

    [Fact]
    public void Each_reason_has_its_figures()
    {
        ThrottleMeasurement slow = _known with { Throughput = 9.46 };
        Assert.Equal(
            "100 items/s at 4, CPU 25 % of an item's time, the items mostly wait; the machine's CPU is busy 7 % with this process",
            ThrottleReasons.Trial(_known, 8, 0.07));
        Assert.Equal(
            "9.5 items/s at 4, CPU 50 % of an item's time, the items mostly compute; the machine's CPU is busy 50 % with this process",
            ThrottleReasons.Trial(slow with { Cpu = 0.02 }, 8, 0.5));
        Assert.Equal(
            "100 items/s at 4, the items use no CPU that can be seen; the machine's CPU is busy 0 % with this process",
            ThrottleReasons.Trial(_known with { Cpu = 0 }, 5, 0));
        Assert.Equal("10 items/s at 4; fewer may do as well", ThrottleReasons.Trial(_known with { Throughput = 10 }, 3, 0));
        Assert.Equal("9.5 items/s at 8 gained too little over 100 items/s at 4", ThrottleReasons.Rejected(_known, slow with { Limit = 8 }));
        Assert.Equal("9.5 items/s at 2 is less than 100 items/s at 4", ThrottleReasons.Rejected(_known, slow with { Limit = 2 }));
        Assert.Equal("only 3.4 of 4 places were filled", ThrottleReasons.Unfilled(_known with { Occupancy = 0.85 }));
        Assert.Equal("no; trying 6 instead", ThrottleReasons.Next("no", 6));
        Assert.Equal(
            "an item takes 999 us, and more workers than cores do not help such short ones", ThrottleReasons.Trivial(_known with { Latency = 999e-6 }));
        Assert.Equal("an item uses 1 ms of CPU, so 2 cores are busy with fewer; 100 items/s at 4", ThrottleReasons.OverKnee(_known with { Cpu = 0.001 }, 2));
        Assert.Equal("an item uses 12.5 ms of CPU, so 2 cores are busy with fewer; 100 items/s at 4", ThrottleReasons.OverKnee(_known with { Cpu = 0.0125 }, 2));
    }
}
