using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;

namespace Switchyard.Core.Queues;

public sealed class RetryQueueTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<long> _released = new();
    private readonly RetryQueue _queue;

    public RetryQueueTests() => _queue = new RetryQueue(_clock, item => _released.Enqueue(item.Index));

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void Items_go_when_their_time_has_come_whatever_order_they_came_in()
    {
        Add(1, milliseconds: 300);
        Add(2, milliseconds: 100);
        Add(3, milliseconds: 200);
        Assert.Equal(3, _queue.Count);
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_released);
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal([2], _released);
        _clock.Advance(TimeSpan.FromMilliseconds(1_000));
        Assert.Equal([2, 3, 1], _released);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Items_that_are_due_together_go_in_the_order_they_came()
    {
        for (int i = 0; i < 20; i++)
        {
            Add(i, milliseconds: 50);
        }

        _clock.Advance(TimeSpan.FromMilliseconds(51));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), _released);
    }

    [Fact]
    public void A_later_item_that_is_due_earlier_moves_the_timer()
    {
        Add(1, milliseconds: 10_000);
        Add(2, milliseconds: 10);
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal([2], _released);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void No_delay_is_the_shortest_that_a_timer_can_do(int milliseconds)
    {
        Add(1, milliseconds);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([1], _released);
    }

    [Fact]
    public void A_delay_longer_than_any_timer_waits_on()
    {
        Assert.True(_queue.TryAdd(new BatchItem(1, null), TimeSpan.MaxValue));
        Assert.True(_queue.TryAdd(new BatchItem(2, null), TimeSpan.FromDays(60)));
        _clock.Advance(TimeSpan.FromDays(41));
        Assert.Empty(_released);
        _clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal([2], _released);
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Closed_it_gives_back_what_waits_and_takes_and_releases_nothing()
    {
        Add(1, milliseconds: 10);
        Add(2, milliseconds: 20);
        Assert.Equal([1L, 2], _queue.Close().Select(item => item.Index).Order());
        Assert.Equal(0, _queue.Count);
        Assert.Empty(_queue.Close());
        Assert.False(_queue.TryAdd(new BatchItem(3, null), TimeSpan.Zero));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_released);
    }

    // The account at the end counts items that wait and items that were released: none may be in both, or in neither.
    [Fact]
    public void An_item_that_is_due_as_the_queue_is_closed_is_either_released_or_given_back()
    {
        for (int round = 0; round < 200; round++)
        {
            FakeTimeProvider clock = new();
            ConcurrentQueue<long> released = new();
            using RetryQueue queue = new(clock, item => released.Enqueue(item.Index));
            for (int i = 0; i < 50; i++)
            {
                queue.TryAdd(new BatchItem(i, null), TimeSpan.FromMilliseconds(1));
            }

            using Gate start = new();
            Thread advancing = Bounded.Start("clock", () =>
            {
                start.Pass();
                clock.Advance(TimeSpan.FromMilliseconds(2));
            });
            start.Open();
            Thread.SpinWait(round * 20);
            IEnumerable<long> left = queue.Close().Select(item => item.Index);
            long[] releasedAtClose = [.. released];
            Bounded.Join(advancing);
            Assert.Equal(releasedAtClose, released);
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), left.Concat(released).Order());
        }
    }

    private void Add(long index, int milliseconds) =>
        Assert.True(_queue.TryAdd(new BatchItem(index, null), TimeSpan.FromMilliseconds(milliseconds)));
}
