using Switchyard.Core.Harness;

namespace Switchyard.Core.Queues;

public sealed class BoundedQueueWeightTests
{
    private const int MostWaiting = 8192;

    private readonly WakeSignal _roomSignal = new();
    private readonly BoundedQueue<int> _queue;

    public BoundedQueueWeightTests() => _queue = new BoundedQueue<int>(minCapacity: 4, _roomSignal);

    [Fact]
    public void The_heaviest_of_what_waits_is_taken_first()
    {
        Add(3, 9, 1, 7);
        QueueTaker<int> taker = _queue.AddTaker();
        Assert.Equal(9, Take(taker));
        Add(8, 0);
        Assert.Equal([8, 7, 3, 1, 0], TakeRest(taker));
    }

    [Fact]
    public void What_was_given_back_comes_before_the_heaviest()
    {
        Add(3, 9);
        _queue.Return(1);
        _queue.Return(0);
        Assert.Equal([0, 1, 9, 3], TakeRest(_queue.AddTaker()));
    }

    // It may be the longest of all.
    [Fact]
    public void What_has_no_weight_comes_before_what_has_one_in_its_own_order()
    {
        _queue.TryAdd(100);
        Add(3, 9);
        _queue.TryAdd(101);
        _queue.TryAdd(102);
        Assert.Equal(5, _queue.Count);
        Assert.Equal([100, 101, 102, 9, 3], TakeRest(_queue.AddTaker()));
    }

    [Fact]
    public void With_weights_a_folder_of_some_thousand_files_is_read_whole_and_no_more()
    {
        for (int i = 0; i < MostWaiting; i++)
        {
            Assert.Equal(AddResult.Added, _queue.TryAdd(i, i));
        }

        Assert.Equal(AddResult.Full, _queue.TryAdd(0, 0));
        Assert.True(_queue.WaitsForRoom());
        QueueTaker<int> taker = _queue.AddTaker();
        for (int i = 1; !_roomSignal.Wait(0); i++)
        {
            Assert.Equal(MostWaiting - i, Take(taker));
            Assert.InRange(i, 1, ChunkSizer.MaxSize + ChunkSizer.MaxSize);
        }

        Assert.Equal(AddResult.Added, _queue.TryAdd(0, 0));
    }

    [Fact]
    public void Once_all_that_has_a_weight_is_taken_it_holds_as_much_as_before()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        Add(3, 9, 1, 7, 5);
        TakeUntilEmpty(taker);
        int added = 0;
        while (_queue.TryAdd(0) == AddResult.Added)
        {
            added++;
        }

        Assert.Equal(_queue.Capacity, added);
        Assert.InRange(added, 4, ChunkSizer.MaxSize * 4);
    }

    [Fact]
    public void What_is_left_is_drained_in_the_order_of_the_input()
    {
        Add(3, 9, 1, 7);
        _queue.AddTaker().TryTake(out _);
        _queue.Cancel();
        Assert.Equal([3, 1, 7], _queue.DrainRemaining());
        Assert.True(_queue.IsEmpty());
    }

    // Items that take nothing make chunks grow, and what then comes is not as them.
    [Fact]
    public void A_heavier_item_is_never_taken_along_with_others()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        Train(taker);
        Add(Enumerable.Repeat(50, 100));
        Assert.Equal(50, Take(taker));
        Assert.True(taker.IsEmpty);
        Assert.False(taker.TryTakeNow(out _));

        // But once it is known what those take, it is as with all others.
        Bounded.Until(() => TryTakeWithOthers(taker), "some are taken at a time");
        Add(1000, 1001);
        TakeOwn(taker);
        Assert.False(taker.TryTakeNow(out _));
        Assert.Equal(1001, Take(taker));
        Assert.True(taker.IsEmpty);
        Assert.Equal(1000, Take(taker));
    }

    [Fact]
    public void Nothing_waits_behind_an_item_that_is_heavier_than_those_before()
    {
        QueueTaker<int> taker = _queue.AddTaker();
        Train(taker);
        Add(1000, 0, 0, 0);
        Assert.Equal(1000, Take(taker));

        // Those are as light as the ones before, but this one's worker will be long.
        Assert.False(taker.TryTakeNow(out _));
        Assert.Equal(0, Take(taker));
        Assert.True(taker.TryTakeNow(out _));
    }

    private bool TryTakeWithOthers(QueueTaker<int> taker)
    {
        Add(Enumerable.Repeat(50, 3));
        Take(taker);
        return !taker.IsEmpty;
    }

    // Until the taker takes several light items at a time.
    private void Train(QueueTaker<int> taker)
    {
        Bounded.Until(
            () =>
            {
                Add(Enumerable.Repeat(1, 3));
                Take(taker);
                return !taker.IsEmpty;
            },
            "light items are taken some at a time");
        TakeUntilEmpty(taker);
    }

    private void Add(params IEnumerable<int> weights)
    {
        foreach (int weight in weights)
        {
            Assert.Equal(AddResult.Added, _queue.TryAdd(weight, weight));
        }
    }

    private static int Take(QueueTaker<int> taker)
    {
        Assert.True(taker.TryTake(out int item));
        return item;
    }

    private static void TakeOwn(QueueTaker<int> taker)
    {
        while (!taker.IsEmpty)
        {
            Take(taker);
        }
    }

    private void TakeUntilEmpty(QueueTaker<int> taker)
    {
        while (!_queue.IsEmpty())
        {
            Take(taker);
        }
    }

    private List<int> TakeRest(QueueTaker<int> taker)
    {
        _queue.Complete();
        List<int> taken = [];
        while (taker.TryTake(out int item))
        {
            taken.Add(item);
        }

        return taken;
    }
}
