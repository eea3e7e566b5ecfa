namespace Switchyard.Core.Policies;

public sealed class WorkerGrowthTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_queued_is_worth_no_worker(int queued) =>
        Assert.False(WorkerGrowth.IsWorthwhile(queued, itemTicks: 1_000_000, workers: 0, openTicks: 0));

    [Fact]
    public void The_first_item_is_worth_the_first_worker_whatever_it_costs() =>
        Assert.True(WorkerGrowth.IsWorthwhile(queued: 1, itemTicks: 1, workers: 0, openTicks: long.MaxValue));

    [Fact]
    public void While_nothing_is_known_items_count_as_slow() =>
        Assert.True(WorkerGrowth.IsWorthwhile(queued: 1, itemTicks: 0, workers: 31, openTicks: long.MaxValue));

    [Theory]
    [InlineData(10, 100, 1, 999, true)]
    [InlineData(10, 100, 1, 1000, false)]
    [InlineData(10, 100, 2, 499, true)]
    [InlineData(10, 100, 2, 500, false)]
    public void A_worker_is_worthwhile_if_the_backlog_outlasts_its_start(int queued, long itemTicks, int workers, long openTicks, bool expected) =>
        Assert.Equal(expected, WorkerGrowth.IsWorthwhile(queued, itemTicks, workers, openTicks));

    [Fact]
    public void Long_items_in_a_long_queue_do_not_overflow() =>
        Assert.True(WorkerGrowth.IsWorthwhile(queued: int.MaxValue, itemTicks: long.MaxValue / 2, workers: 1, openTicks: 1_000));
}
