namespace Switchyard.Core.Telemetry;

/// <summary>What is told of the time left where one item takes far longer than the others, with and without weights.</summary>
public sealed class WorkEstimateTests
{
    private const double Step = 0.25;

    private readonly ProgressEstimate _estimate = new();

    // Four workers, items of a tenth of a second, and one that began at the second second.
    [Fact]
    public void One_long_item_that_is_left_is_not_almost_done()
    {
        Run(seconds: 20, total: 601, perSecond: 30, longSince: 2, longWeight: 0, weights: false);
        Assert.Equal(99, _estimate.Percent);
        Assert.Equal(18, _estimate.TimeLeft!.Value.High.TotalSeconds, 0.5);
        Assert.Equal("up to 18 s left", _estimate.EtaText);
    }

    [Fact]
    public void While_much_else_is_left_a_long_item_changes_nothing()
    {
        Run(seconds: 20, total: 6000, perSecond: 30, longSince: 2, longWeight: 0, weights: false);
        Assert.InRange(_estimate.TimeLeft!.Value.High.TotalSeconds, 179, 185);
    }

    [Fact]
    public void Items_that_are_alike_are_told_by_their_rate_to_the_end()
    {
        Run(seconds: 20, total: 603, perSecond: 30, longSince: null, longWeight: 0, weights: false);
        Assert.InRange(_estimate.TimeLeft!.Value.High.TotalSeconds, 0.01, 0.3);
    }

    // By what the others took of their weight it takes 100 s, of which 18 are over. The others ended long ago.
    [Theory]
    [InlineData(20, 82)]
    [InlineData(50, 52)]
    [InlineData(90, 12)]
    public void With_weights_it_is_known_how_long_it_takes_and_its_quiet_is_no_stall(double seconds, double left)
    {
        Run(seconds, total: 601, perSecond: 30, longSince: 2, longWeight: 1000, weights: true, doneBy: 20);
        Assert.Equal(left, _estimate.TimeLeft!.Value.High.TotalSeconds, 7.0);
        Assert.Equal(left, _estimate.TimeLeft!.Value.Low.TotalSeconds, 7.0);
    }

    [Fact]
    public void What_takes_far_longer_than_its_weight_says_is_a_stall_as_ever()
    {
        Run(seconds: 250, total: 601, perSecond: 30, longSince: 2, longWeight: 1000, weights: true, doneBy: 20);
        Assert.StartsWith("nothing finished for", _estimate.EtaText, StringComparison.Ordinal);
    }

    // A long one that was not started yet cannot have ended before it has run.
    [Fact]
    public void A_heavy_item_that_waits_counts_too()
    {
        Run(seconds: 20, total: 1000, perSecond: 30, longSince: null, longWeight: 1000, weights: true);
        Assert.InRange(_estimate.TimeLeft!.Value.High.TotalSeconds, 95, 115);
    }

    // The heaviest first: at half time most items are left, and little work. The items' rate alone says ten times as much and more.
    [Fact]
    public void Items_that_get_lighter_are_told_by_their_work()
    {
        const int Workers = 4;
        double[] lengths = [.. Enumerable.Range(0, 1000).Select(i => 0.02 + (4 * Math.Exp(-i / 60.0)))];
        double[] free = new double[Workers];
        List<(double Start, double End, int Item)> runs = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            int worker = Array.IndexOf(free, free.Min());
            runs.Add((free[worker], free[worker] + lengths[i], i));
            free[worker] += lengths[i];
        }

        double end = free.Max();
        List<double> byWork = [];
        List<double> byRate = [];
        for (double now = Step; now < end * 0.9; now += Step)
        {
            RunningWork[] running = [.. runs.Where(run => run.Start <= now && run.End > now).Select(run => new RunningWork(run.Item, Weight(run.Item)))];
            int done = runs.Count(run => run.End <= now);
            double waiting = runs.Where(run => run.Start > now).Sum(run => Weight(run.Item));
            double heaviest = runs.Where(run => run.Start > now).Select(run => Weight(run.Item)).DefaultIfEmpty().Max();
            Update(now, done, 1000, new RunLoad(done, running, Enumerable.Range(0, 1000).Sum(Weight), waiting, heaviest));
            if (now > end * 0.3)
            {
                TimeRange left = _estimate.TimeLeft!.Value;
                byWork.Add(FactorOf(((left.Low + left.High) / 2).TotalSeconds / (end - now)));
                byRate.Add(FactorOf((1000 - done) / _estimate.Rate!.Value / (end - now)));
            }
        }

        byWork.Sort();
        byRate.Sort();
        Assert.InRange(byWork[byWork.Count / 2], 1, 1.4);
        Assert.InRange(byRate[byRate.Count / 2], 5, double.PositiveInfinity);

        static double FactorOf(double ratio) => Math.Max(ratio, 1 / ratio);

        double Weight(int item) => (lengths[item] - 0.02) * 1_000_000;
    }

    [Fact]
    public void Items_that_an_earlier_run_has_done_tell_nothing_of_times()
    {
        for (double now = Step; now <= 20; now += Step)
        {
            int ended = (int)(now * 10);
            _estimate.Update(new RunProgress(9000, 5000 + ended, 0, 1, 0, TimeSpan.FromSeconds(now), 9000)
            {
                Load = new RunLoad(ended, [new RunningWork(ended, 0)], 0, 0, 0),
            });
        }

        Assert.InRange(_estimate.TimeLeft!.Value.High.TotalSeconds, 375, 390);
    }

    private void Run(double seconds, int total, double perSecond, double? longSince, double longWeight, bool weights, double doneBy = double.PositiveInfinity)
    {
        double light = weights ? 1 : 0;
        for (double now = Step; now <= seconds; now += Step)
        {
            int done = (int)(Math.Min(now, doneBy) * perSecond);
            List<RunningWork> running = [];
            for (int i = done; i < Math.Min(done + 3, total - (longSince is null ? 0 : 1)); i++)
            {
                running.Add(new RunningWork(i, light));
            }

            if (longSince <= now)
            {
                running.Add(new RunningWork(100_000, longWeight));
            }

            double all = (light * total) + longWeight;
            double waiting = all - (light * done) - running.Sum(work => work.Weight);
            Update(now, done, total, new RunLoad(done, running, all, Math.Max(0, waiting), longSince is null ? longWeight : 0));
        }
    }

    private void Update(double seconds, int done, int total, RunLoad load) =>
        _estimate.Update(new RunProgress(total, done, 0, load.Running.Count, 0, TimeSpan.FromSeconds(seconds), total) { Load = load });
}
