namespace Switchyard.Core.Policies;

public sealed class AutoThrottleTests
{
    private const long Millisecond = 1000;
    private const long Second = 1000 * Millisecond;

    [Theory]
    [InlineData(4, 512, 4)]
    [InlineData(64, 10, 10)]
    [InlineData(1, 1, 1)]
    public void Begins_at_the_cores_but_not_above_the_ceiling(int cores, int ceiling, int expected) =>
        Assert.Equal(expected, new AutoThrottle(cores, ceiling, Second, 0).Limit);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 40)]
    [InlineData(600, 512)]
    public void Begins_where_it_is_told_to_but_not_above_the_ceiling(int initial, int expected) =>
        Assert.Equal(expected, new AutoThrottle(4, 512, Second, 0, initial).Limit);

    [Fact]
    public void Is_in_a_hurry_only_from_one_and_only_until_the_first_measurement_or_for_a_second()
    {
        Assert.False(new AutoThrottle(4, 512, Second, 0).IsStarting(0));
        Assert.False(new AutoThrottle(4, 512, Second, 0, 40).IsStarting(0));
        AutoThrottle throttle = new(1, 512, Second, 0, 1);
        Assert.True(throttle.IsStarting(Second - 1));
        Assert.False(throttle.IsStarting(Second));
        Run(throttle, limit: 1, until: 300 * Millisecond, cpu: 10 * Millisecond);
        Assert.False(throttle.IsStarting(300 * Millisecond));
        Assert.Equal(1, throttle.Limit);
    }

    [Fact]
    public void From_one_it_goes_where_the_first_items_show_and_is_not_sent_back_for_having_grown_so_much()
    {
        AutoThrottle throttle = new(2, 512, Second, 0, 1);
        Assert.Equal(38, Run(throttle, limit: 1, until: 90 * Millisecond, cpu: Millisecond)?.NewLimit);
        ThrottleChange? change = Run(throttle, limit: 38, until: Second, cpu: Millisecond, from: 100 * Millisecond);
        Assert.True(change is null || change.NewLimit > 28, change?.ToString());
    }

    [Fact]
    public void A_width_that_was_right_before_is_kept_for_a_second_and_then_only_looked_around()
    {
        AutoThrottle throttle = new(2, 512, Second, 0, 40);
        Assert.Null(Run(throttle, limit: 40, until: Second, cpu: 0));
        Assert.NotNull(Run(throttle, limit: 40, until: 3 * Second, cpu: 0, from: Second));
        Assert.InRange(throttle.Limit, 30, 80);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(40, 8)]
    public void Begins_with_few_where_the_first_items_are_to_show_that_they_are_the_same(int before, int limit) =>
        Assert.Equal(limit, new AutoThrottle(4, 512, Second, 0, hint: new ThrottleHint(before, 0)).Limit);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(0.3, 38)]
    public void Opens_no_more_once_the_items_of_those_that_are_open_keep_the_cores_busy(double ownShare, int limit)
    {
        AutoThrottle throttle = new(2, 512, Second, 0, 1);
        Assert.Equal(38, Run(throttle, limit: 1, until: 90 * Millisecond, cpu: Millisecond)?.NewLimit);
        throttle.NoteWorkers(100 * Millisecond, 1, 0, 0, 1, isOpening: true, left: double.PositiveInfinity);
        for (long now = 150 * Millisecond; now <= 300 * Millisecond; now += 50 * Millisecond)
        {
            Assert.Equal(38, throttle.Limit);
            throttle.NoteWorkers(now, 1, ownShare * 0.1, warmDemand: 1, opened: 10, isOpening: true, left: double.PositiveInfinity);
            throttle.Tick(now, 1);
        }

        Assert.Equal(limit, throttle.Limit);
    }

    [Fact]
    public void Grows_blindly_when_all_places_are_taken_and_nothing_ends()
    {
        AutoThrottle throttle = new(2, 512, Second, 0);
        throttle.Started(0);
        throttle.Started(0);
        Assert.Null(throttle.Tick(200 * Millisecond, 0.01));
        ThrottleChange? change = throttle.Tick(250 * Millisecond, 0.01);
        Assert.Equal("from 2 to 4: no item has ended for 250 ms with all 2 busy, CPU 1 %: the items wait", change?.ToString());
        Assert.Equal(4, throttle.Limit);
    }

    [Theory]
    [InlineData(0.95)]
    [InlineData(0.1)]
    public void Does_not_grow_blindly_where_the_items_compute_even_if_something_else_has_most_of_the_cores(double cpuShare)
    {
        AutoThrottle throttle = new(2, 512, Second, 0);
        throttle.Started(0);
        throttle.Started(0);
        for (long now = 0; now < 5 * Second; now += 50 * Millisecond)
        {
            Assert.Null(throttle.Tick(now, cpuShare));
        }
    }

    [Fact]
    public void Does_not_grow_where_places_are_empty_for_lack_of_input()
    {
        AutoThrottle throttle = new(4, 512, Second, 0);
        long now = 0;
        for (int i = 0; i < 200; i++)
        {
            ThrottleToken token = throttle.Started(now);
            now += 50 * Millisecond;
            throttle.Finished(token, now, 0);
            Assert.Null(throttle.Tick(now, 0.01));
        }

        Assert.Equal(4, throttle.Limit);
    }

    [Fact]
    public void Never_exceeds_the_ceiling()
    {
        AutoThrottle throttle = new(2, 5, Second, 0);
        for (int i = 0; i < 5; i++)
        {
            throttle.Started(0);
        }

        for (long now = 0; now < 5 * Second; now += 50 * Millisecond)
        {
            throttle.Tick(now, 0);
            Assert.InRange(throttle.Limit, 2, 5);
        }
    }

    [Fact]
    public void Times_that_come_out_of_order_do_no_harm()
    {
        AutoThrottle throttle = new(2, 512, Second, 1000);
        ThrottleToken late = throttle.Started(2000);
        ThrottleToken early = throttle.Started(1900);
        throttle.Finished(late, 1950, -5);
        throttle.Finished(early, 1800, 0);
        Assert.Null(throttle.Tick(1700, double.NaN));
        Assert.Equal(2, throttle.Limit);
    }

    [Fact]
    public void Figures_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutoThrottle(0, 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutoThrottle(1, 0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutoThrottle(1, 1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AutoThrottle(1, 1, 1, 0, 0));
    }

    [Fact]
    public void The_more_run_the_longer_it_waits_before_it_grows_blindly()
    {
        AutoThrottle throttle = new(64, 512, Second, 0);
        for (int i = 0; i < 64; i++)
        {
            throttle.Started(0);
        }

        Assert.Null(throttle.Tick(999 * Millisecond, 0));
        Assert.Equal(128, throttle.Tick(Second, 0)?.NewLimit);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(int.MaxValue, 4)]
    public void Where_items_run_elsewhere_there_is_another_ceiling(int ceiling, int limit)
    {
        AutoThrottle throttle = new(2, 512, Second, 0);
        throttle.Restart(2, 0, ceiling: 2);
        throttle.Restart(2, 0, ceiling);
        throttle.Started(0);
        throttle.Started(0);
        throttle.Tick(Second, 0);
        Assert.Equal(limit, throttle.Limit);
    }

    [Fact]
    public void Each_item_that_ends_begins_the_silence_anew()
    {
        AutoThrottle throttle = new(2, 512, Second, 0);
        ThrottleToken first = throttle.Started(0);
        throttle.Started(0);
        throttle.Finished(first, 200 * Millisecond, 0);
        throttle.Started(200 * Millisecond);
        Assert.Null(throttle.Tick(400 * Millisecond, 0));
        Assert.Null(throttle.Tick(449 * Millisecond, 0));
        Assert.Equal(4, throttle.Tick(450 * Millisecond, 0)?.NewLimit);
    }

    // So many at a time, each for ten milliseconds, until something is changed.
    private static ThrottleChange? Run(AutoThrottle throttle, int limit, long until, long cpu, long from = 0)
    {
        for (long now = from; now < until; now += 10 * Millisecond)
        {
            ThrottleToken[] tokens = [.. Enumerable.Range(0, limit).Select(_ => throttle.Started(now))];
            foreach (ThrottleToken token in tokens)
            {
                throttle.Finished(token, now + (10 * Millisecond), cpu, 1);
            }

            if (throttle.Tick(now + (10 * Millisecond), 0.1) is { } change)
            {
                return change;
            }
        }

        return null;
    }
}
