namespace Switchyard.Core.Policies;

public sealed class OpeningCostTests
{
    private readonly OpeningCost _cost = new(cores: 2);

    [Fact]
    public void Nothing_is_refused_before_it_is_known_what_a_worker_costs()
    {
        _cost.Note(cpuSeconds: 5, opened: 1, isOpening: true, left: 10);
        Assert.Equal((0, int.MaxValue), (_cost.PerWorker, _cost.MostFor(latency: 1)));
        Assert.True(_cost.MayPay(from: 1, to: 500, rate: 1, cpuShare: 0));
    }

    [Fact]
    public void What_the_first_worker_and_later_items_cost_is_not_counted()
    {
        _cost.Note(cpuSeconds: 5, opened: 1, isOpening: true, left: 10);
        _cost.Note(cpuSeconds: 0.2, opened: 11, isOpening: false, left: 10);
        _cost.Note(cpuSeconds: 3, opened: 11, isOpening: false, left: 10);
        Assert.Equal(0.02, _cost.PerWorker, 6);
        _cost.Note(cpuSeconds: -1, opened: 11, isOpening: true, left: 10);
        Assert.Equal(0.02, _cost.PerWorker, 6);
    }

    // For 100 seconds of items in all: 100 / n + n * 0.02 / 2 is least at 100.
    [Theory]
    [InlineData(1000, 0.1, 100)]
    [InlineData(250, 0.1, 50)]
    [InlineData(10, 0.001, 11)]
    [InlineData(double.PositiveInfinity, 0.1, int.MaxValue)]
    public void As_many_are_worth_it_as_make_what_is_left_shortest_and_those_that_there_are(double left, double latency, int most)
    {
        Open(left);
        Assert.Equal(most, _cost.MostFor(latency));
    }

    // Ten more cost 0.1 s. Twice as many would save half of the time that is left, unless the cores have no room for that.
    [Theory]
    [InlineData(400, 0, true)]
    [InlineData(200, 0, false)]
    [InlineData(400, 0.9, false)]
    [InlineData(2000, 0.9, true)]
    [InlineData(1e9, 1, false)]
    public void More_may_pay_if_they_save_more_than_they_cost(double left, double cpuShare, bool pays)
    {
        Open(left);
        Assert.Equal(pays, _cost.MayPay(from: 11, to: 21, rate: 1000, cpuShare));
    }

    [Fact]
    public void Those_that_are_open_cost_nothing()
    {
        Open(left: 1);
        Assert.True(_cost.MayPay(from: 5, to: 11, rate: 1000, cpuShare: 1));
    }

    private void Open(double left)
    {
        _cost.Note(cpuSeconds: 5, opened: 1, isOpening: true, left);
        _cost.Note(cpuSeconds: 0.2, opened: 11, isOpening: true, left);
    }
}
