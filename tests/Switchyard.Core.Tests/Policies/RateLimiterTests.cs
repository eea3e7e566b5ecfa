using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Switchyard.Core.Policies;

public sealed class RateLimiterTests
{
    private static readonly FakeTimeProvider _clock = new();
    private static readonly double _second = _clock.TimestampFrequency;

    // Rates spread evenly over the orders of magnitude.
    private static readonly Gen<double> _rates =
        Gen.Double[-3, 6].Select(power => Math.Clamp(Math.Pow(10, power), RateLimiter.MinRate, RateLimiter.MaxRate));

    private static readonly Gen<long> _epochs = Gen.OneOf(Gen.Const(0L), Gen.Long[0, 1L << 60]);

    [Theory]
    [InlineData(RateLimiter.MinRate)]
    [InlineData(3)]
    [InlineData(RateLimiter.MaxRate)]
    public void The_first_start_is_at_once_and_the_second_an_interval_later(double rate)
    {
        RateLimiter limiter = new(rate, _clock);
        Assert.True(limiter.TryStart(0, out TimeSpan wait));
        Assert.Equal(TimeSpan.Zero, wait);
        Assert.False(limiter.TryStart(0, out wait));
        Assert.Equal(1 / rate, wait.TotalSeconds, 1e-6);
        Assert.True(limiter.TryStart(At(1 / rate), out _));
    }

    [Fact]
    public void A_caller_on_time_starts_at_every_interval_and_at_no_other_time()
    {
        RateLimiter limiter = new(10, _clock);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(limiter.TryStart(At(i * 0.1), out _));
            Assert.False(limiter.TryStart(At((i * 0.1) + 0.099), out _));
        }
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(1, 2)]
    [InlineData(100, 6)]
    [InlineData(1000, 51)]
    public void Idling_earns_no_more_than_the_credit(double rate, int atOnce)
    {
        RateLimiter limiter = new(rate, _clock);
        limiter.TryStart(0, out _);
        int started = 0;
        while (limiter.TryStart(At(3600), out _))
        {
            started++;
        }

        Assert.Equal(atOnce, started);
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(20, 50)]
    [InlineData(1000, 50)]
    public void The_credit_is_an_interval_or_what_a_thread_oversleeps(double rate, double milliseconds)
    {
        RateLimiter limiter = new(rate, _clock);
        Assert.Equal((rate, TimeSpan.FromMilliseconds(milliseconds)), (limiter.Rate, limiter.Credit));
    }

    [Fact]
    public void A_caller_that_was_late_catches_up()
    {
        RateLimiter limiter = new(10, _clock);
        limiter.TryStart(0, out _);
        Assert.True(limiter.TryStart(At(0.16), out _));
        Assert.False(limiter.TryStart(At(0.16), out TimeSpan wait));
        Assert.Equal(0.04, wait.TotalSeconds, 1e-6);
    }

    [Fact]
    public void A_hold_delays_who_was_refused_before_it_and_ends_without_a_burst()
    {
        RateLimiter limiter = new(1000, _clock);
        limiter.TryStart(0, out _);
        Assert.False(limiter.TryStart(0, out _));

        limiter.HoldUntil(At(5));
        Assert.False(limiter.TryStart(At(0.001), out TimeSpan wait));
        Assert.Equal(4.999, wait.TotalSeconds, 1e-6);

        Assert.True(limiter.TryStart(At(5.2), out _));
        Assert.False(limiter.TryStart(At(5.2), out wait));
        Assert.Equal(0.001, wait.TotalSeconds, 1e-6);
    }

    [Fact]
    public void A_hold_is_never_shortened_and_none_in_the_past_counts()
    {
        RateLimiter limiter = new(10, _clock);
        limiter.TryStart(At(1), out _);
        limiter.HoldUntil(At(0.5));
        Assert.False(limiter.TryStart(At(1.099), out _));
        limiter.HoldUntil(At(9));
        limiter.HoldUntil(At(3));
        Assert.False(limiter.TryStart(At(8.9), out _));
        Assert.True(limiter.TryStart(At(9), out _));
    }

    [Fact]
    public void A_hold_for_ever_is_a_long_wait()
    {
        RateLimiter limiter = new(10, _clock);
        limiter.HoldUntil(long.MaxValue);
        Assert.False(limiter.TryStart(-1, out TimeSpan wait));
        Assert.True(wait > TimeSpan.FromDays(10_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.0009)]
    [InlineData(1_000_001)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Rates_that_mean_nothing_are_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimiter(rate, _clock));

    [Fact]
    public void No_second_sees_more_starts_than_rate_and_credit_allow_however_callers_behave() =>
        Gen.Select(_rates, _epochs, Gen.Double[0, 2].Array[1, 400], Gen.Int[1, 8]).Sample((rate, epoch, pauses, callers) =>
        {
            RateLimiter limiter = new(rate, _clock);
            List<long> starts = [];
            long now = epoch;
            foreach (double pause in pauses)
            {
                // Mostly eager, sometimes idle for a while, in units of what matters at this rate.
                now += (long)(pause * pause * pause * _second * Math.Max(1 / rate, pause > 1.9 ? 1 : 0));
                for (int i = 0; i < callers; i++)
                {
                    while (limiter.TryStart(now, out _))
                    {
                        starts.Add(now);
                    }
                }
            }

            AssertNoSecondExceeds((rate * (1 + limiter.Credit.TotalSeconds)) + 1, starts);
        });

    [Fact]
    public void In_the_long_run_the_rate_is_kept_by_callers_who_are_late_each_time() =>
        Gen.Select(Gen.Double[-3, 4], _epochs, Gen.Int[1, 10], Gen.Double[0, 1].Array[50]).Sample((power, epoch, callers, jitter) =>
            AssertKept(Math.Max(RateLimiter.MinRate, Math.Pow(10, power)), epoch, callers, jitter));

    [Theory]
    [InlineData(RateLimiter.MaxRate)]
    [InlineData(700_000)]
    public void A_rate_whose_interval_is_no_whole_tick_is_kept_too(double rate) => AssertKept(rate, epoch: 0, callers: 3, jitter: [0]);

    [Fact]
    public void Parts_of_a_tick_add_up()
    {
        RateLimiter limiter = new(700_000, _clock);
        int started = Enumerable.Range(0, 100_000).Count(tick => limiter.TryStart(tick, out _));

        // Of ten million ticks a second that is a hundredth.
        Assert.InRange(started, 7000, 7001);
    }

    [Fact]
    public void Threads_that_ask_at_once_share_one_rate()
    {
        RateLimiter limiter = new(1_000_000, _clock);
        int started = 0;
        Parallel.For(0, 4, _ =>
        {
            for (int tick = 0; tick < 20_000; tick++)
            {
                if (limiter.TryStart(tick, out TimeSpan _))
                {
                    Interlocked.Increment(ref started);
                }
            }
        });

        // Ten ticks of this clock are a microsecond.
        Assert.Equal(2000, started);
    }

    private static long At(double seconds) => (long)Math.Round(seconds * _second);

    private static void AssertKept(double rate, long epoch, int callers, double[] jitter)
    {
        RateLimiter limiter = new(rate, _clock);
        double credit = limiter.Credit.TotalSeconds;
        int count = 500 + (int)(10 * credit * rate);
        PriorityQueue<int, long> wakeUps = new(Enumerable.Range(0, callers).Select(caller => (caller, epoch)));
        List<long> starts = [];
        for (int i = 0; starts.Count < count; i++)
        {
            wakeUps.TryDequeue(out int caller, out long now);
            bool started = limiter.TryStart(now, out TimeSpan wait);
            if (started)
            {
                starts.Add(now);
            }

            double late = jitter[i % jitter.Length] * credit;
            wakeUps.Enqueue(caller, started ? now : now + (long)((wait.TotalSeconds + late) * _second));
        }

        double seconds = (starts[^1] - epoch) / _second;
        double ideal = (count - 1) / rate;

        // Never ahead of the schedule, and behind it by no more than the last one was late.
        Assert.InRange(seconds, (ideal * 0.999) - 1e-6, (ideal * 1.01) + credit);
        AssertNoSecondExceeds((rate * (1 + credit)) + 1, starts);
    }

    private static void AssertNoSecondExceeds(double most, List<long> starts)
    {
        int first = 0;
        for (int last = 0; last < starts.Count; last++)
        {
            while (starts[last] - starts[first] > _second)
            {
                first++;
            }

            // A part of an interval is a whole tick of the clock, so one in a million may round either way.
            Assert.True(last - first + 1 <= (most * (1 + 1e-5)) + 1e-6, $"{last - first + 1} starts, at most {most} allowed.");
        }
    }
}
