using Switchyard.Core.Harness;

namespace Switchyard.Core.Queues;

/// <summary>Items that come back, takers that take ahead, and takers that share.</summary>
public sealed class BoundedQueueReturnTests
{
    private readonly WakeSignal _feeder = new();
    private readonly BoundedQueue<int> _queue;

    public BoundedQueueReturnTests() => _queue = new BoundedQueue<int>(minCapacity: 16, _feeder);

    [Fact]
    public void Taking_ahead_takes_what_is_there_and_never_waits()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        Assert.False(taker.TryTakeNow(out _));
        _queue.TryAdd(1);
        _queue.TryAdd(2);
        Assert.True(taker.TryTakeNow(out int first));
        Assert.True(taker.TryTakeNow(out int second));
        Assert.Equal((1, 2), (first, second));
        Assert.False(taker.TryTakeNow(out _));
        _queue.TryAdd(3);
        _queue.Cancel();
        Assert.False(taker.TryTakeNow(out _));
        Assert.Equal([3], _queue.DrainRemaining());
    }

    [Fact]
    public void Taking_ahead_leaves_other_takers_chunks_to_them()
    {
        QueueTaker<int> owner = _queue.AddTaker();
        Bounded.Until(
            () =>
            {
                while (owner.TryTakeNow(out _))
                {
                    // Until only what is added next is there.
                }

                _queue.TryAdd(1);
                _queue.TryAdd(2);
                owner.TryTake(out _);
                return _queue.Count == 0;
            },
            "a chunk has two items");
        QueueTaker<int> other = _queue.AddTaker();
        Assert.False(owner.IsEmpty);
        Assert.False(other.TryTakeNow(out _));
        Assert.True(owner.TryTakeNow(out int item));
        Assert.Equal(2, item);
        Assert.True(owner.IsEmpty);
    }

    [Fact]
    public void While_something_may_come_back_a_completed_queue_is_waited_for()
    {
        bool mayComeBack = true;
        _queue.MayComeBack = () => Volatile.Read(ref mayComeBack);
        QueueTaker<int> taker = _queue.AddTaker();
        List<int> taken = [];
        Thread waiting = Bounded.Start("taker", () =>
        {
            while (taker.TryTake(out int item))
            {
                taken.Add(item);
            }
        });
        Assert.False(_queue.IsCompleted);
        _queue.Complete();
        Assert.True(_queue.IsCompleted);
        Bounded.Until(() => _queue.WaitingTakers == 1, "it waits");
        Bounded.UntilBlocked(waiting);
        _queue.Return(7);
        Bounded.Until(() => _queue.Count == 0 && _queue.WaitingTakers == 1, "it has taken what came back, and waits again");
        Volatile.Write(ref mayComeBack, false);
        Assert.True(waiting.IsAlive);
        _queue.NoteNoneComesBack();
        Bounded.Join(waiting);
        Assert.Equal([7], taken);
    }

    [Fact]
    public void A_taker_takes_no_more_than_its_share_of_what_is_there()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        _queue.AddTaker();
        int[] counts = new int[11];
        Bounded.Until(
            () =>
            {
                while (taker.TryTakeNow(out _))
                {
                    // Until only what is added next is there.
                }

                for (int i = 0; i < 10; i++)
                {
                    _queue.TryAdd(i);
                }

                taker.TryTake(out _);
                counts[_queue.Count]++;
                return counts[5] > 0;
            },
            "it has taken half");
        Assert.Equal(0, counts[..5].Sum());
    }

    [Fact]
    public void Nothing_is_known_of_items_before_a_chunk_has_ended()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        _queue.TryAdd(0);
        _queue.TryAdd(0);
        taker.TryTake(out _);
        Assert.Equal((0L, 0L), (_queue.ItemTicks, _queue.EstimateItemTicks()));
        taker.TryTake(out _);
        Assert.InRange(_queue.ItemTicks, 1, long.MaxValue);
        Assert.InRange(_queue.EstimateItemTicks(), _queue.ItemTicks, long.MaxValue);
    }

    [Fact]
    public void What_a_retired_taker_gives_back_keeps_its_order()
    {
        QueueTaker<int> retired = _queue.AddTaker();
        Bounded.Until(
            () =>
            {
                while (retired.TryTakeNow(out _))
                {
                    // Until only what is added next is there.
                }

                for (int i = 0; i < 10; i++)
                {
                    _queue.TryAdd(i);
                }

                retired.TryTake(out _);
                return _queue.CountWaiting() - _queue.Count >= 2;
            },
            "its chunk has two more items");
        retired.Retire();
        _queue.Complete();
        QueueTaker<int> other = _queue.AddTaker();
        List<int> taken = [];
        while (other.TryTake(out int item))
        {
            taken.Add(item);
        }

        Assert.Equal(Enumerable.Range(1, 9), taken);
    }

    [Fact]
    public void A_retired_taker_has_no_share_any_more()
    {
        QueueTaker<int> retired = _queue.AddTaker();
        QueueTaker<int> taker = _queue.AddTaker();
        retired.Retire();
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(AddResult.Added, _queue.TryAdd(i));
        }

        _queue.Complete();
        List<int> taken = [];
        while (taker.TryTake(out int item))
        {
            taken.Add(item);
        }

        Assert.Equal(Enumerable.Range(0, 16), taken);
        Assert.Equal(0, _queue.CountWaiting());
    }
}
