using Switchyard.Core.Items;

namespace Switchyard.Core.RemoteWorkers.Client;

public sealed class InFlightItemsTests
{
    private const long Bytes = 10;

    [Fact]
    public void What_comes_back_from_the_end_is_free()
    {
        InFlightItems items = Sent(5);
        Assert.True(items.TryTakeBack(first: 3, count: 3, isFirstBegun: true, out int free));
        Assert.Equal((3, 2, 2 * Bytes), (free, items.Count, items.BytesOut));
    }

    [Fact]
    public void What_was_sent_since_is_not_taken_for_what_came_back()
    {
        InFlightItems items = Sent(5);
        Assert.True(items.TryTakeBack(first: 2, count: 2, isFirstBegun: true, out int free));
        Assert.Equal((0, 5, 3 * Bytes), (free, items.Count, items.BytesOut));
        Assert.Equal([true, false, false, true, true], Enumerable.Range(0, 5).Select(i => items[i].IsSent));

        // That comes back, too: now nothing is kept behind the first.
        Assert.True(items.TryTakeBack(first: 4, count: 2, isFirstBegun: true, out free));
        Assert.Equal((4, 1, Bytes), (free, items.Count, items.BytesOut));
    }

    [Fact]
    public void What_was_begun_here_stays_and_is_sent_again()
    {
        InFlightItems items = Sent(3);
        Assert.True(items.TryTakeBack(first: 1, count: 3, isFirstBegun: true, out int free));
        Assert.Equal((2, 1, 0L, false), (free, items.Count, items.BytesOut, items.First.IsSent));
    }

    [Fact]
    public void An_item_that_cannot_be_sent_goes_with_those_around_it()
    {
        InFlightItems items = Sent(2);
        items.Add(new BatchItem(0, null));
        items.Last.Decided = new DecidedEnd(ItemStatus.Failed, "not sent");
        Assert.True(items.TryTakeBack(first: 2, count: 1, isFirstBegun: true, out int free));
        Assert.Equal((2, 1), (free, items.Count));
    }

    [Fact]
    public void An_item_that_was_lost_with_its_worker_stays()
    {
        InFlightItems items = Sent(3);
        items.MarkCrashed(runningItem: 3, _ => new DecidedEnd(new ItemEnd(ItemStatus.Crashed), "lost"));
        items.NoteSent(ref items[0], Bytes);
        items.NoteSent(ref items[1], Bytes);
        Assert.True(items.TryTakeBack(first: 2, count: 1, isFirstBegun: true, out int free));
        Assert.Equal((0, 3), (free, items.Count));
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(i => items[i].IsSent));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    [InlineData(9, 1)]
    public void What_was_not_there_cannot_come_back(long first, int count) =>
        Assert.False(Sent(3).TryTakeBack(first, count, isFirstBegun: false, out _));

    [Fact]
    public void Nothing_may_come_back()
    {
        InFlightItems items = Sent(2);
        Assert.True(items.TryTakeBack(first: 0, count: 0, isFirstBegun: true, out int free));
        Assert.Equal((0, 2), (free, items.Count));
    }

    private static InFlightItems Sent(int count)
    {
        InFlightItems items = new();
        for (int i = 0; i < count; i++)
        {
            items.Add(new BatchItem(i, i));
            items.NoteSent(ref items.Last, Bytes);
        }

        return items;
    }
}
