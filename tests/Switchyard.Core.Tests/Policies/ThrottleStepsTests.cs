namespace Switchyard.Core.Policies;

public sealed class ThrottleStepsTests
{
    private const int Cores = 4;

    private static readonly ThrottleMeasurement _waiting = new(4, 40, 0.1, 0.01, 1, 0, 1);

    private readonly ThrottleBounds _bounds = new(Cores, ceiling: 1000);
    private readonly ThrottleSteps _steps;

    public ThrottleStepsTests() => _steps = new ThrottleSteps(Cores, _bounds, new OpeningCost(4));

    [Fact]
    public void Places_up_to_the_cores_are_given_up_only_for_a_gain()
    {
        Assert.Equal(1.02, _steps.LeastKept(3), 9);
        Assert.Equal(0.98, _steps.LeastKept(4), 9);
    }

    [Theory]
    [InlineData(0.012, 16)]
    [InlineData(0.013, 8)]
    public void It_leaps_where_the_cores_have_much_to_give_and_else_doubles(double cpu, int expected) =>
        Assert.Equal(expected, _steps.Next(_waiting with { Cpu = cpu }, resting: false, cpuShare: 0));

    [Theory]
    [InlineData(4, 2)]
    [InlineData(3, 6)]
    public void From_the_cores_on_it_does_not_go_up_while_none_of_them_is_idle(int limit, int expected) =>
        Assert.Equal(expected, _steps.Next(_waiting with { Limit = limit, Cpu = 0.02 }, resting: false, cpuShare: 1, isSaturated: true));

    [Fact]
    public void Directions_take_turns()
    {
        Assert.Equal(16, Next());
        Assert.Equal(2, Next());
        Assert.Equal(16, Next());
    }

    [Fact]
    public void After_a_step_that_paid_the_next_goes_the_same_way()
    {
        Assert.Equal(16, Next());
        _steps.Accept(growth: 4, gain: 3.9);
        Assert.Equal(16, Next());
        _steps.Accept(growth: 0.5, gain: 1);
        Assert.Equal(2, Next());
    }

    [Theory]
    [InlineData(0.5, 1, 5)]
    [InlineData(0.8, 1.02, 8)]
    [InlineData(0.8, 1.04, 6)]
    public void A_fall_that_paid_is_followed_by_one_as_far_or_farther_if_it_gained(double growth, double gain, int expected)
    {
        _steps.Reject(2, 0.5, 1);
        _steps.Reject(3, 0.5, 1);
        _steps.Accept(growth, gain);
        Assert.Equal(expected, Next(limit: 10));
    }

    [Theory]
    [InlineData(1.3, 1.14, 12)]
    [InlineData(1.3, 1.16, 17)]
    [InlineData(1.2, 1.16, 15)]
    public void A_rise_that_gained_most_of_what_it_could_is_followed_by_a_farther_one(double growth, double gain, int expected)
    {
        _steps.Reject(16, 4, 1);
        _steps.Reject(6, 1.5, 1);
        _steps.Accept(growth, gain);
        Assert.Equal(expected, Next(limit: 10));
    }

    [Fact]
    public void Each_rejection_makes_a_direction_finer_until_both_are_finest()
    {
        Assert.False(_steps.Reject(16, 4, 1));
        Assert.False(_steps.Reject(6, 1.4, 1));
        Assert.True(_steps.Reject(5, 1.25, 1));
        Assert.False(_steps.AreFinest);
        Assert.False(_steps.Reject(2, 0.5, 1));
        Assert.False(_steps.Reject(3, 0.7, 1));
        Assert.True(_steps.AreFinest);
        Assert.True(_steps.Reject(3, 0.8, 1));
        Assert.True(_steps.AreFinest);
        _steps.Reset(isOtherWork: false);
        Assert.False(_steps.AreFinest);
    }

    [Fact]
    public void What_was_rejected_just_now_is_not_tried_again_at_once()
    {
        Assert.Equal(16, Next());
        _steps.Reject(16, 4, 1);
        Assert.Equal(2, Next());
        _steps.Reject(2, 0.5, 1);
        Assert.Equal(6, Next());
        _steps.Reject(6, 1.5, 1);
        Assert.Equal(3, Next());
    }

    [Fact]
    public void At_rest_it_looks_up_far_where_there_is_room_and_a_little_where_there_is_none()
    {
        Assert.Equal(20, Next(limit: 10, resting: true, cpuShare: 0.69));
        Assert.Equal(8, Next(limit: 10, resting: true, cpuShare: 0.69));
        Assert.Equal(13, Next(limit: 10, resting: true, cpuShare: 0.7));
        _steps.Reject(20, 2, gain: 0.9);
        Assert.Equal(8, Next(limit: 10, resting: true, cpuShare: 0));
        Assert.Equal(13, Next(limit: 10, resting: true, cpuShare: 0));
    }

    [Fact]
    public void After_other_work_it_reaches_far_down_again_and_after_an_unquiet_machine_it_does_not()
    {
        _steps.Reset(isOtherWork: false);
        Assert.Equal(40, Next(limit: 10));
        Assert.Equal(8, Next(limit: 10));
        _steps.Reset(isOtherWork: true);
        Assert.Equal(40, Next(limit: 10));
        Assert.Equal(5, Next(limit: 10));
    }

    [Fact]
    public void Nothing_is_tried_that_the_laws_rule_out()
    {
        // Four cores are busy with four of these, and no fewer places could do as much.
        ThrottleMeasurement computing = new(4, 40, 0.1, 0.1, 1, 0, 1);
        _bounds.Note(computing, processCpuShare: 1);
        Assert.Equal(4, _steps.Next(computing, resting: false, cpuShare: 1));
        Assert.True(_steps.AreFinest);
    }

    [Fact]
    public void One_is_the_least()
    {
        ThrottleMeasurement single = _waiting with { Limit = 1, Throughput = 10 };
        Assert.Equal(4, _steps.Next(single, resting: false, cpuShare: 0));
        Assert.Equal(4, _steps.Next(single, resting: false, cpuShare: 0));
    }

    private int Next(int limit = 4, bool resting = false, double cpuShare = 0) =>
        _steps.Next(_waiting with { Limit = limit, Cpu = 0.001 }, resting, cpuShare);
}
