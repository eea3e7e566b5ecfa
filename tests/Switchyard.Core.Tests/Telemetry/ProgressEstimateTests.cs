using CsCheck;

namespace Switchyard.Core.Telemetry;

public sealed class ProgressEstimateTests
{
    private readonly ProgressEstimate _estimate = new();

    [Fact]
    public void Before_anything_ended_nothing_is_known()
    {
        Assert.Null(_estimate.Rate);
        Assert.Null(_estimate.Percent);
        Assert.Null(_estimate.TimeLeft);
        Assert.Equal(string.Empty, _estimate.EtaText);
        Assert.Equal("0 done", _estimate.StatusText);

        Feed(seconds: 100, done: 0, total: 1000);
        Assert.Null(_estimate.Rate);
        Assert.Equal(0, _estimate.Percent);
        Assert.Null(_estimate.TimeLeft);
        Assert.Equal(string.Empty, _estimate.EtaText);
    }

    [Fact]
    public void An_even_pace_is_told_exactly()
    {
        FeedEvenly(from: 0, to: 20, perSecond: 40, total: 2000);
        Assert.Equal(40, _estimate.Rate!.Value, 6);
        Assert.Equal(40, _estimate.Percent);
        AssertLeft(30, 30);
        Assert.Equal("30 s left", _estimate.EtaText);
    }

    [Fact]
    public void One_line_has_all_but_the_failures()
    {
        FeedEvenly(from: 0, to: 20, perSecond: 40, total: 2000);
        Assert.Equal("800 of 2,000 done, 40/s, 30 s left", _estimate.LineText);
        _estimate.Update(new RunProgress(2000, 800, 7, 4, 0, TimeSpan.FromSeconds(20), null));
        Assert.Equal("800 done, 4 running, 40/s", _estimate.LineText);
    }

    [Fact]
    public void Too_little_to_judge_by_gives_no_time()
    {
        Feed(0.25, 2, 100);
        Feed(0.5, 4, 100);
        Assert.Null(_estimate.TimeLeft);
        Feed(0.75, 6, 100);
        Assert.Null(_estimate.TimeLeft);
        Feed(1, 8, 100);
        Assert.NotNull(_estimate.TimeLeft);
    }

    [Fact]
    public void The_rate_follows_a_change_of_pace()
    {
        FeedEvenly(0, 60, perSecond: 100, total: null);
        FeedEvenly(60, 72, perSecond: 8, total: null, doneBefore: 6000);
        Assert.Equal(8, _estimate.Rate!.Value, 1.0);
    }

    [Fact]
    public void Items_that_take_minutes_keep_more_than_the_last_seconds_in_view()
    {
        for (int minute = 1; minute <= 10; minute++)
        {
            Feed(60 * minute, minute, 40);
        }

        Assert.Equal(1.0 / 60, _estimate.Rate!.Value, 6);
        AssertLeft(1800, 1800);

        // Halfway to the next one nothing is different.
        Feed(630, 10, 40);
        Assert.Equal(1.0 / 60, _estimate.Rate!.Value, 6);
        AssertLeft(1800, 1800);
    }

    [Fact]
    public void Waves_of_workers_in_step_are_an_even_pace()
    {
        for (int quarter = 1; quarter <= 4 * 185; quarter++)
        {
            Feed(quarter / 4.0, quarter / 240 * 10, 100);
        }

        Assert.Equal(10.0 / 60, _estimate.Rate!.Value, 3);
        Assert.InRange(_estimate.TimeLeft!.Value.Low.TotalSeconds, 350, 430);
        Assert.InRange(_estimate.TimeLeft!.Value.High.TotalSeconds, 350, 430);
    }

    [Fact]
    public void Bursts_make_the_range_wide()
    {
        double seconds = 0;
        long done = 0;
        double[] gaps = [0.3, 4, 0.3, 0.3, 9, 0.3, 2, 0.3, 6, 0.3];
        foreach (double gap in gaps)
        {
            seconds += gap;
            done += 10;
            Feed(seconds, done, 200);
        }

        TimeRange left = _estimate.TimeLeft!.Value;
        Assert.True(left.High > left.Low * 1.5, $"{left}");
        Assert.InRange(seconds, left.Low.TotalSeconds, left.High.TotalSeconds);
    }

    [Fact]
    public void A_stall_lowers_the_rate_then_ends_the_guessing_and_is_told()
    {
        FeedEvenly(0, 20, perSecond: 40, total: 2000);
        FeedEvenly(20, 25, perSecond: 0, total: 2000, doneBefore: 800);
        double rate = _estimate.Rate!.Value;
        Assert.InRange(rate, 20, 35);
        Assert.True(_estimate.TimeLeft!.Value.High > TimeSpan.FromSeconds(40));

        FeedEvenly(25, 80, perSecond: 0, total: 2000, doneBefore: 800);
        Assert.True(_estimate.Rate < rate / 2);
        Assert.Null(_estimate.TimeLeft);
        Assert.Equal("nothing finished for 60 s", _estimate.EtaText);

        FeedEvenly(80, 100, perSecond: 40, total: 2000, doneBefore: 800);
        Assert.Equal(40, _estimate.Rate!.Value, 4.0);
        AssertLeft(10, 10);
    }

    [Fact]
    public void A_hint_that_is_exceeded_gives_neither_percent_nor_time()
    {
        FeedEvenly(0, 10, perSecond: 10, total: 101);
        Assert.NotNull(_estimate.TimeLeft);
        _estimate.Update(new RunProgress(102, 100, 0, 0, 0, TimeSpan.FromSeconds(10.25), 101));
        Assert.Null(_estimate.Percent);
        Assert.Null(_estimate.TimeLeft);
        Assert.Equal(string.Empty, _estimate.EtaText);
        Assert.StartsWith("100 done", _estimate.StatusText, StringComparison.Ordinal);

        // Even if what was read is not told.
        _estimate.Update(new RunProgress(0, 102, 0, 0, 0, TimeSpan.FromSeconds(10.5), 101));
        Assert.Null(_estimate.Percent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(null)]
    public void No_total_that_makes_sense_gives_neither_percent_nor_time(int? total)
    {
        FeedEvenly(0, 10, perSecond: 10, total);
        Assert.Null(_estimate.Percent);
        Assert.Null(_estimate.TimeLeft);
        Assert.NotNull(_estimate.Rate);
    }

    [Fact]
    public void All_done_is_a_hundred_percent_and_no_time_left_however_long_ago()
    {
        Feed(1, 999, 1000);
        Assert.Equal(99, _estimate.Percent);
        Feed(2, 1000, 1000);
        Feed(500, 1000, 1000);
        Assert.Equal(100, _estimate.Percent);
        Assert.Equal(new TimeRange(TimeSpan.Zero, TimeSpan.Zero), _estimate.TimeLeft);
        Assert.Equal(string.Empty, _estimate.EtaText);
    }

    [Fact]
    public void A_snapshot_that_comes_late_changes_nothing()
    {
        FeedEvenly(0, 10, perSecond: 10, total: 1000);
        Feed(5, 999, 1000);
        Assert.Equal(10, _estimate.Percent);
        Assert.Equal(10, _estimate.Rate!.Value, 6);
    }

    [Fact]
    public void Times_beyond_all_plans_are_not_told()
    {
        FeedEvenly(0, 20, perSecond: 1, total: long.MaxValue);
        Assert.Null(_estimate.TimeLeft);
        Assert.Equal(0, _estimate.Percent);
    }

    [Fact]
    public void Most_runs_end_within_the_range_told_at_half_time()
    {
        // 400 runs of 300 items of exponential length on 8 workers: the range means 80 % of them.
        Random random = new(1);
        int within = 0;
        for (int run = 0; run < 400; run++)
        {
            ProgressEstimate estimate = new();
            List<double> ends = Ends(random, items: 300, workers: 8, meanSeconds: 2);
            double half = ends[150];
            for (double time = 0.25; time < half; time += 0.25)
            {
                int done = ends.FindLastIndex(end => end <= time) + 1;
                estimate.Update(new RunProgress(done, done, 0, 8, 0, TimeSpan.FromSeconds(time), 300));
            }

            TimeRange left = estimate.TimeLeft!.Value;
            double truth = ends[^1] - half;
            within += truth >= left.Low.TotalSeconds && truth <= left.High.TotalSeconds ? 1 : 0;
        }

        Assert.InRange(within / 400.0, 0.65, 0.95);
    }

    [Fact]
    public void Whatever_is_fed_nothing_told_is_absurd() =>
        Gen.Select(Gen.Double[-0.1, 30].Array[0, 200], Gen.Long[0, 5000].Array[200], Gen.Long[-1, 100_000], Gen.Bool).Sample((pauses, ends, total, hint) =>
        {
            ProgressEstimate estimate = new();
            double seconds = 0;
            long done = 0;
            for (int i = 0; i < pauses.Length; i++)
            {
                seconds = Math.Max(0, seconds + pauses[i]);
                done += ends[i] > 2000 ? 0 : ends[i];
                estimate.Update(new RunProgress(done, done, 0, 1, 0, TimeSpan.FromSeconds(seconds), hint ? total : null));
                Assert.True(estimate.Rate is null or (> 0 and < double.PositiveInfinity));
                Assert.InRange(estimate.Percent ?? 0, 0, 100);
                TimeRange left = estimate.TimeLeft ?? default;
                Assert.True(left.Low >= TimeSpan.Zero && left.High >= left.Low);
                Assert.DoesNotContain("NaN", estimate.StatusText + estimate.EtaText, StringComparison.Ordinal);
            }
        });

    private static List<double> Ends(Random random, int items, int workers, double meanSeconds)
    {
        PriorityQueue<int, double> free = new();
        for (int worker = 0; worker < workers; worker++)
        {
            free.Enqueue(worker, 0);
        }

        List<double> ends = [];
        for (int item = 0; item < items; item++)
        {
            free.TryDequeue(out int worker, out double time);
            time -= Math.Log(1 - random.NextDouble()) * meanSeconds;
            ends.Add(time);
            free.Enqueue(worker, time);
        }

        ends.Sort();
        return ends;
    }

    private void Feed(double seconds, long done, long? total) =>
        _estimate.Update(new RunProgress(done, done, 0, 0, 0, TimeSpan.FromSeconds(seconds), total));

    private void FeedEvenly(double from, double to, double perSecond, long? total, long doneBefore = 0)
    {
        for (double seconds = from + 0.25; seconds <= to; seconds += 0.25)
        {
            Feed(seconds, doneBefore + (long)((seconds - from) * perSecond), total);
        }
    }

    private void AssertLeft(double low, double high)
    {
        TimeRange left = _estimate.TimeLeft!.Value;
        Assert.Equal(low, left.Low.TotalSeconds, 0.1);
        Assert.Equal(high, left.High.TotalSeconds, 0.1);
    }
}
