namespace Switchyard.Core.Policies;

public sealed class ThrottleStartTests
{
    // Ticks are milliseconds.
    private readonly ThrottleStart _start = new(cores: 2, ceiling: 512, frequency: 1000, now: 0, running: 0);

    [Fact]
    public void What_only_waits_is_told_after_fifty_milliseconds_and_once_an_item_has_ended_goes_on_eightfold_up_to_64()
    {
        ThrottleToken first = Begin(5);
        Assert.Null(_start.Tick(10, cpuShare: 0.5, limit: 1));
        Assert.Null(_start.Tick(59, cpuShare: 0, limit: 1));
        Assert.False(_start.HasLeapt);
        Assert.Equal("from 1 to 8: CPU 0 % of the first items' time: so many keep 2 cores busy", _start.Tick(60, cpuShare: 0, limit: 1)?.ToString());
        Assert.True(_start.HasLeapt);
        Start(7, at: 70);
        Assert.Null(_start.Tick(115, cpuShare: 0, limit: 8));
        Assert.Null(_start.Tick(500, cpuShare: 0, limit: 8));
        End(first, at: 505, cpu: 1);

        // What took so long may have been set up once.
        Assert.Null(_start.Tick(506, cpuShare: 0, limit: 8));
        Start(1, at: 507);
        Assert.Equal(64, _start.Tick(556, cpuShare: 0, limit: 8)?.NewLimit);
        Assert.Null(_start.Tick(616, cpuShare: 0, limit: 64));
    }

    [Fact]
    public void What_each_worker_waits_for_once_is_not_what_the_items_wait_for()
    {
        ThrottleToken first = Begin(0);
        Assert.Null(_start.Tick(5, cpuShare: 0, limit: 1));
        Assert.Equal(8, _start.Tick(60, cpuShare: 0, limit: 1)?.NewLimit);
        ThrottleToken[] others = [.. Enumerable.Range(0, 7).Select(_ => Begin(70))];
        ThrottleToken next = End(first, at: 500, cpu: 10);
        Assert.Null(_start.Tick(515, cpuShare: 0.1, limit: 8));
        next = End(next, at: 520, cpu: 20);
        Assert.Null(_start.Tick(555, cpuShare: 1, limit: 8));
        ThrottleToken[] later = [next, .. others.Select(other => End(other, at: 570, cpu: 10))];
        Assert.All(later, token => End(token, at: 600, cpu: 30));
        Assert.Equal(2, _start.Tick(601, cpuShare: 1, limit: 8)?.NewLimit);
    }

    [Theory]
    [InlineData(0.5, 2)]
    [InlineData(0.25, 6)]
    [InlineData(0.125, 8)]
    public void What_computes_meanwhile_gets_no_more_than_keep_the_cores_busy(double cpuShare, int limit)
    {
        Start(1, at: 0);
        Assert.Null(_start.Tick(10, cpuShare: 1, limit: 1));
        Assert.Equal(limit, _start.Tick(60, cpuShare, limit: 1)?.NewLimit);
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 18)]
    [InlineData(2, 8)]
    [InlineData(5, 2)]
    public void Eight_items_that_end_tell_it_at_once_and_the_very_first_does_not_count(long cpu, int limit)
    {
        Run(count: 1, each: 30, cpu: 30);
        long now = Run(count: 8, each: 5, cpu: cpu, from: 30);
        if (cpu == 0)
        {
            // No CPU time at all may also mean that the system does not tell.
            Assert.Null(_start.Tick(now, cpuShare: 0, limit: 1));
            Start(1, at: now);
            Assert.Null(_start.Tick(now, cpuShare: 0, limit: 1));
            Assert.Equal(8, _start.Tick(now + 50, cpuShare: 0, limit: 1)?.NewLimit);
            return;
        }

        Assert.Equal(limit, _start.Tick(now, cpuShare: 0, limit: 1)?.NewLimit);
        Assert.Equal(0.005, _start.First!.Value.Latency, 9);
    }

    [Fact]
    public void A_queue_shows_by_its_quickest_item_and_is_left_by_Littles_law()
    {
        Run(count: 9, each: 10, cpu: 1);
        Assert.Equal(38, _start.Tick(90, cpuShare: 0, limit: 1)?.NewLimit);

        // A server of four places. The first to come are not yet queued.
        Queue<ThrottleToken> waiting = new(Enumerable.Range(0, 38).Select(_ => Begin(91)));
        ThrottleChange? change = null;
        long now = 101;
        for (; change is null && now < 1000; now += 10)
        {
            for (int i = 0; i < 4; i++)
            {
                _start.Finished(waiting.Dequeue(), now, 1, 1);
                waiting.Enqueue(Begin(now));
            }

            change = _start.Tick(now, cpuShare: 0, limit: 38);
        }

        Assert.Equal("from 38 to 5: even the quickest item takes 90 ms, not 10 ms as before: the items wait in a queue", change?.ToString());
        Assert.InRange(now, 300, 320);
    }

    [Fact]
    public void An_item_that_slept_while_the_collector_had_stopped_it_was_no_quicker()
    {
        for (int i = 0; i < 9; i++)
        {
            _start.Finished(Begin(10 * i), (10 * i) + 10, 1, 1, paused: 9);
        }

        Assert.NotNull(_start.Tick(90, cpuShare: 0, limit: 1));
        for (int i = 0; i < 9; i++)
        {
            _start.Finished(Begin(91 + (20 * i)), 101 + (20 * i), 1, 1);
        }

        Assert.Null(_start.Tick(400, cpuShare: 0, limit: 38));
    }

    [Fact]
    public void What_new_workers_compute_in_their_first_items_says_nothing_of_later_ones()
    {
        Begin(0);
        _start.Tick(1, cpuShare: 0, limit: 1);
        Assert.Equal(8, _start.Tick(51, cpuShare: 0, limit: 1)?.NewLimit);
        ThrottleToken[] fillers = [.. Enumerable.Range(0, 7).Select(_ => Begin(60))];
        ThrottleToken[] later = [.. fillers.Select(filler => End(filler, at: 80, cpu: 20))];
        ThrottleToken last = End(new ThrottleToken(0, 0), at: 81, cpu: 20);
        Assert.Null(_start.Tick(82, cpuShare: 1, limit: 8));
        Assert.All(later, token => _start.Finished(token, 100, 1, 1));
        _start.Finished(last, 100, 1, 1);
        Assert.Equal("from 8 to 64: CPU 5 % of the first items' time: so many keep 2 cores busy", _start.Tick(101, cpuShare: 0.5, limit: 8)?.ToString());
    }

    [Fact]
    public void A_queue_that_was_seen_is_not_forgotten_for_a_later_look()
    {
        Begin(0);
        Begin(1);
        _start.Tick(1, cpuShare: 0, limit: 1);
        Assert.Equal(8, _start.Tick(51, cpuShare: 0, limit: 1)?.NewLimit);
        _start.Finished(new ThrottleToken(0, 0), 60, 1, 1);
        Start(7, at: 60);
        Assert.Equal(64, _start.Tick(101, cpuShare: 0, limit: 8)?.NewLimit);
        Start(40, at: 102);
        Assert.Equal(8, _start.Tick(290, cpuShare: 0, limit: 64)?.NewLimit);
        Assert.Null(_start.Tick(400, cpuShare: 0, limit: 8));
    }

    [Fact]
    public void Items_that_differ_are_no_queue_as_long_as_some_are_quick()
    {
        Run(count: 9, each: 10, cpu: 1);
        Assert.Equal(38, _start.Tick(90, cpuShare: 0, limit: 1)?.NewLimit);
        for (int i = 0; i < 20; i++)
        {
            ThrottleToken quick = Begin(91 + (10 * i));
            ThrottleToken slow = Begin(91 + (10 * i));
            _start.Finished(quick, 101 + (10 * i), 1, 1);
            _start.Finished(slow, 191 + (10 * i), 1, 1);
        }

        Assert.Null(_start.Tick(400, cpuShare: 0, limit: 38));
    }

    [Theory]
    [InlineData(20, 0.1, 20)]
    [InlineData(3, 0.9, 38)]
    public void It_goes_where_the_same_work_was_if_its_items_are_the_same(int limit, double cpuShare, int expected)
    {
        ThrottleStart start = WithHint(limit, cpuShare);
        for (int i = 0; i < 9; i++)
        {
            start.Started(10 * i);
            start.Finished(new ThrottleToken(10 * i, 0), (10 * i) + 10, 1, 1);
        }

        Assert.Equal(expected, start.Tick(90, cpuShare: 0.5, start.Initial)?.NewLimit);
    }

    [Fact]
    public void It_does_not_take_what_new_workers_set_up_for_what_the_work_was()
    {
        ThrottleStart start = WithHint(limit: 20, cpuShare: 0.02);
        Assert.Equal(8, start.Initial);
        start.Started(0);
        start.Tick(1, cpuShare: 0, limit: 8);
        Assert.Null(start.Tick(51, cpuShare: 0.2, limit: 8));
        Assert.Equal("from 8 to 20: CPU 0 % of the first items' time, so they are what they were the last time", start.Tick(102, cpuShare: 0, limit: 8)?.ToString());
    }

    [Fact]
    public void It_opens_no_more_than_are_worth_it_for_what_is_left()
    {
        OpeningCost cost = new(cores: 2);
        cost.Note(cpuSeconds: 1, opened: 1, isOpening: true, left: 50);
        cost.Note(cpuSeconds: 0.02, opened: 2, isOpening: true, left: 50);
        ThrottleStart start = new(cores: 2, ceiling: 512, frequency: 1000, now: 0, running: 0, cost);
        for (int i = 0; i < 9; i++)
        {
            start.Started(10 * i);
            start.Finished(new ThrottleToken(10 * i, 0), (10 * i) + 10, 1, 1);
        }

        // Half a second of items: 0.5 / n + n * 0.02 / 2 is least at 7.
        Assert.Equal(7, start.Tick(90, cpuShare: 0, limit: 1)?.NewLimit);
    }

    [Fact]
    public void The_ceiling_holds()
    {
        ThrottleStart low = new(cores: 2, ceiling: 3, frequency: 1000, now: 0, running: 0);
        low.Started(0);
        low.Tick(10, cpuShare: 0, limit: 1);
        Assert.Equal(3, low.Tick(60, cpuShare: 0, limit: 1)?.NewLimit);
    }

    private static ThrottleStart WithHint(int limit, double cpuShare) =>
        new(cores: 2, ceiling: 512, frequency: 1000, now: 0, running: 0, hint: new ThrottleHint(limit, cpuShare));

    private void Start(int count, long at)
    {
        for (int i = 0; i < count; i++)
        {
            Begin(at);
        }
    }

    private ThrottleToken Begin(long at)
    {
        _start.Started(at);
        return new ThrottleToken(at, 0);
    }

    private ThrottleToken End(ThrottleToken token, long at, long cpu)
    {
        _start.Finished(token, at, cpu, 1);
        return Begin(at);
    }

    private long Run(int count, long each, long cpu, long from = 0)
    {
        for (int i = 0; i < count; i++)
        {
            ThrottleToken token = Begin(from);
            from += each;
            _start.Finished(token, from, cpu, 1);
        }

        return from;
    }
}
