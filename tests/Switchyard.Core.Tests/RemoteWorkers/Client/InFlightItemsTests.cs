using Switchyard.Core.Items;

namespace Switchyard.Core.RemoteWorkers.Client;

public sealed class InFlightItemsTests
{
    private const long Bytes = 10;

    [Fact]
    public void What_comes_back_from_the_end_is_anybodys()
    {
        InFlightItems book = Sent(5);
        Assert.True(book.TryTakeBack(first: 3, count: 3, isFirstBegun: true, out int free));
        Assert.Equal((3, 2, 2 * Bytes), (free, book.Count, book.BytesOut));
    }

    [Fact]
    public void What_was_sent_since_is_not_taken_for_what_came_back()
    {
        InFlightItems book = Sent(5);
        Assert.True(book.TryTakeBack(first: 2, count: 2, isFirstBegun: true, out int free));
        Assert.Equal((0, 5, 3 * Bytes), (free, book.Count, book.BytesOut));
        Assert.Equal([true, false, false, true, true], Enumerable.Range(0, 5).Select(i => book[i].IsSent));

        // That comes back, too: now nothing is kept behind the first.
        Assert.True(book.TryTakeBack(first: 4, count: 2, isFirstBegun: true, out free));
        Assert.Equal((4, 1, Bytes), (free, book.Count, book.BytesOut));
    }

    [Fact]
    public void What_was_begun_here_stays_and_is_sent_again()
    {
        InFlightItems book = Sent(3);
        Assert.True(book.TryTakeBack(first: 1, count: 3, isFirstBegun: true, out int free));
        Assert.Equal((2, 1, 0L, false), (free, book.Count, book.BytesOut, book.First.IsSent));
    }

    [Fact]
    public void An_item_that_cannot_be_sent_goes_with_those_around_it()
    {
        InFlightItems book = Sent(2);
        book.Add(new BatchItem(0, null));
        book.Last.Verdict = new DecidedEnd(ItemStatus.Failed, "not sent");
        Assert.True(book.TryTakeBack(first: 2, count: 1, isFirstBegun: true, out int free));
        Assert.Equal((2, 1), (free, book.Count));
    }

    [Fact]
    public void An_item_that_was_lost_with_its_worker_stays()
    {
        InFlightItems book = Sent(3);
        book.MarkCrashed(runningItem: 3, _ => new DecidedEnd(new ItemEnd(ItemStatus.Crashed), "lost"));
        book.NoteSent(ref book[0], Bytes);
        book.NoteSent(ref book[1], Bytes);
        Assert.True(book.TryTakeBack(first: 2, count: 1, isFirstBegun: true, out int free));
        Assert.Equal((0, 3), (free, book.Count));
        Assert.Equal([true, false, false], Enumerable.Range(0, 3).Select(i => book[i].IsSent));
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
        InFlightItems book = Sent(2);
        Assert.True(book.TryTakeBack(first: 0, count: 0, isFirstBegun: true, out int free));
        Assert.Equal((0, 2), (free, book.Count));
    }

    private static InFlightItems Sent(int count)
    {
        InFlightItems book = new();
        for (int i = 0; i < count; i++)
        {
            book.Add(new BatchItem(i, i));
            book.NoteSent(ref book.Last, Bytes);
        }

        return book;
    }
}
