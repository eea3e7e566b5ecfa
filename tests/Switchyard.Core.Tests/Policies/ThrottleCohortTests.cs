namespace Switchyard.Core.Policies;

public sealed class ThrottleCohortTests
{
    // Ticks are milliseconds.
    private const long Frequency = 1000;

    private readonly ThrottleCohort _cohort = new(Frequency);

    [Fact]
    public void Items_that_start_once_the_places_are_full_are_followed_to_their_end()
    {
        ThrottleMeasurement measured = Run(limit: 2, workers: 2, milliseconds: _ => 100, cpu: 20);
        Assert.Equal(2, measured.Limit);
        Assert.Equal(20, measured.Throughput, 1e-6);
        Assert.Equal(0.1, measured.Latency, 1e-9);
        Assert.Equal(0.02, measured.Cpu, 1e-9);
        Assert.Equal(1, measured.Occupancy, 1e-9);
        Assert.Equal(0, measured.Error, 1e-9);
    }

    [Fact]
    public void Items_that_differ_make_it_less_sure()
    {
        ThrottleMeasurement measured = Run(limit: 2, workers: 2, milliseconds: number => number % 2 == 0 ? 50 : 150, cpu: 0);
        Assert.Equal(0.1, measured.Latency, 0.02);
        Assert.Equal(20, measured.Throughput, 4);

        // They are half the mean away from it: 0.5 / sqrt(8).
        Assert.Equal(0.5 / Math.Sqrt(8), measured.Error, 0.04);
    }

    [Fact]
    public void A_few_short_items_in_one_go_count_each()
    {
        ThrottleMeasurement measured = Run(limit: 2, workers: 2, milliseconds: _ => 100, cpu: 20, items: 5);
        Assert.Equal(100, measured.Throughput, 1e-6);
        Assert.Equal(0.02, measured.Latency, 1e-9);
        Assert.Equal(0.004, measured.Cpu, 1e-9);
    }

    [Fact]
    public void Places_that_stay_empty_show_after_a_second()
    {
        ThrottleMeasurement measured = Run(limit: 4, workers: 2, milliseconds: _ => 100, cpu: 0);
        Assert.Equal(0.5, measured.Occupancy, 1e-9);
        Assert.True(measured.IsStarved);
        Assert.Equal(20, measured.Throughput, 1e-6);
        Assert.InRange(measured.Duration, 0.4, 1);
    }

    [Fact]
    public void It_knows_how_many_run_and_when_one_ended_last()
    {
        _cohort.Begin(2, 0, 0.1);
        Assert.Equal(0, _cohort.LastEnd);
        ThrottleToken first = _cohort.Started(5);
        Assert.Equal((1, false), (_cohort.Running, _cohort.IsFull));
        _cohort.Started(6);
        Assert.Equal((2, true), (_cohort.Running, _cohort.IsFull));
        _cohort.Finished(first, 9, 0, 1);
        Assert.Equal((1, 9L), (_cohort.Running, _cohort.LastEnd));
    }

    [Fact]
    public void Nine_of_ten_places_are_as_good_as_all()
    {
        _cohort.Begin(10, 0, 0.1);
        for (int i = 0; i < 8; i++)
        {
            _cohort.Started(i);
        }

        Assert.False(_cohort.IsFull);
        _cohort.Started(9);
        Assert.True(_cohort.IsFull);
    }

    [Fact]
    public void A_look_ahead_counts_what_ended_since_the_places_were_full()
    {
        _cohort.Begin(1, 0, 0.1);
        Assert.Equal((0.0, 0.0), (_cohort.Preview(50).Throughput, _cohort.Preview(50).Duration));
        ThrottleToken token = _cohort.Started(100);
        _cohort.Finished(token, 200, 0, 3);
        ThrottleMeasurement ahead = _cohort.Preview(600);
        Assert.Equal((1, 6.0, 0.5), (ahead.Limit, ahead.Throughput, ahead.Duration));
    }

    [Fact]
    public void An_item_that_takes_very_long_is_not_waited_for_and_counts_with_its_age()
    {
        ThrottleMeasurement measured = Run(limit: 10, workers: 10, milliseconds: number => number == 15 ? 100_000 : 100, cpu: 0);
        Assert.InRange(measured.Latency, 0.11, 0.2);
        Assert.InRange(measured.Throughput, 50, 95);
    }

    /// <summary>Workers that run items one after the other, until the cohort has its measurement.</summary>
    private ThrottleMeasurement Run(int limit, int workers, Func<int, int> milliseconds, long cpu, int items = 1)
    {
        PriorityQueue<ThrottleToken, long> running = new();
        int number = 0;
        _cohort.Begin(limit, 0, 0.1);
        for (int i = 0; i < workers; i++)
        {
            Start(0);
        }

        for (long now = 1; now < 100_000; now++)
        {
            while (running.TryPeek(out ThrottleToken token, out long end) && end <= now)
            {
                running.Dequeue();
                _cohort.Finished(token, now, cpu, items);
                Start(now);
            }

            if (_cohort.TryMeasure(now, out ThrottleMeasurement measurement))
            {
                return measurement;
            }
        }

        throw new InvalidOperationException("Nothing was measured.");

        void Start(long now) => running.Enqueue(_cohort.Started(now), now + milliseconds(number++));
    }
}
