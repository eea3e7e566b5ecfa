using System.Diagnostics;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Queues;

public sealed class BoundedQueueTests
{
    private readonly WakeSignal _roomSignal = new();

    [Fact]
    public void A_retired_taker_gives_back_what_it_has_not_handed_out()
    {
        BoundedQueue<int> queue = new(minCapacity: 100, _roomSignal);
        QueueTaker<int> retired = queue.AddTaker();
        AddAll(queue, Enumerable.Range(0, 100));

        // Trivial items make chunks grow, so some are in its chunk by now.
        int taken = 0;
        while (retired.IsEmpty)
        {
            Assert.True(retired.TryTake(out int item));
            Assert.Equal(taken++, item);
        }

        retired.Retire();
        queue.Complete();
        Assert.Equal(Enumerable.Range(taken, 100 - taken), TakeAll(queue.AddTaker()));
        Assert.False(retired.TryTake(out _));
    }

    [Fact]
    public void A_single_taker_gets_the_items_in_order_and_then_the_end()
    {
        BoundedQueue<int> queue = new(minCapacity: 100, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        AddAll(queue, Enumerable.Range(0, 100));
        queue.Complete();
        Assert.Equal(Enumerable.Range(0, 100), TakeAll(taker));
        Assert.False(taker.TryTake(out _));
        Assert.True(queue.IsEmpty());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(33)]
    public void It_is_full_at_its_capacity(int capacity)
    {
        BoundedQueue<int> queue = new(capacity, _roomSignal);
        AddAll(queue, Enumerable.Range(0, capacity));
        Assert.Equal(AddResult.Full, queue.TryAdd(0));
        Assert.Equal(capacity, queue.Count);
        queue.AddTaker().TryTake(out _);
        Assert.Equal(AddResult.Added, queue.TryAdd(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(100)]
    public void What_is_given_back_is_taken_first_and_always_finds_room(int capacity)
    {
        BoundedQueue<int> queue = new(capacity, _roomSignal);
        AddAll(queue, Enumerable.Range(0, capacity));
        for (int i = 1; i <= 50; i++)
        {
            queue.Return(-i);
        }

        Assert.Equal(AddResult.Full, queue.TryAdd(0));
        queue.Complete();
        Assert.Equal(Enumerable.Range(-50, 50 + capacity), TakeAll(queue.AddTaker()));
    }

    [Fact]
    public void What_is_given_back_wakes_a_taker_that_waits()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        int taken = 0;
        Thread waiting = Bounded.Start("taker", () => taker.TryTake(out taken));
        Bounded.Until(() => queue.WaitingTakers == 1, "it waits");
        queue.Return(7);
        Bounded.Join(waiting);
        Assert.Equal(7, taken);
    }

    [Fact]
    public void What_is_given_back_to_a_canceled_queue_is_counted_with_the_rest()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        queue.TryAdd(1);
        queue.Cancel();
        queue.Return(0);
        Assert.Equal([0, 1], queue.DrainRemaining());
    }

    [Fact]
    public void A_queue_without_room_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BoundedQueue<int>(minCapacity: 0, _roomSignal));

    [Fact]
    public void Nothing_is_added_after_completion_or_cancel()
    {
        BoundedQueue<int> completed = new(minCapacity: 4, _roomSignal);
        completed.Complete();
        Assert.Equal(AddResult.Closed, completed.TryAdd(0));
        BoundedQueue<int> canceled = new(minCapacity: 4, _roomSignal);
        canceled.Cancel();
        Assert.Equal(AddResult.Closed, canceled.TryAdd(0));
        Assert.True(canceled.IsCanceled);
    }

    [Fact]
    public void Cancel_leaves_what_was_not_taken_to_the_account()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        AddAll(queue, [0, 1, 2, 3]);
        Assert.True(taker.TryTake(out int taken));
        queue.Cancel();
        Assert.False(taker.TryTake(out _));
        Assert.Equal(0, taken);
        Assert.Equal([1, 2, 3], queue.DrainRemaining());
        Assert.Empty(queue.DrainRemaining());
    }

    [Fact]
    public void What_is_left_in_a_chunk_is_drained_too()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        int held = HoldOne(queue, queue.AddTaker());
        Assert.False(queue.IsEmpty());
        Assert.Equal(0, queue.Count);
        Assert.Equal(1, queue.CountWaiting());
        Assert.Equal([held], queue.DrainRemaining());
        Assert.Equal(0, queue.CountWaiting());
        Assert.True(queue.IsEmpty());
    }

    [Fact]
    public void A_taker_that_finds_nothing_helps_itself_from_anothers_chunk()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        QueueTaker<int> owner = queue.AddTaker();
        int held = HoldOne(queue, owner);
        Assert.True(queue.AddTaker().TryTake(out int stolen));
        Assert.Equal(held, stolen);
        queue.Complete();
        Assert.False(owner.TryTake(out _));
    }

    [Fact]
    public void A_taker_that_waits_for_anything_is_woken_by_one_item()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        Assert.Equal(42, TakeWhenAdded(queue, taker, 42));
    }

    [Fact]
    public void A_taker_of_trivial_items_is_woken_by_one_item_too()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        Train(queue, taker);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(i, TakeWhenAdded(queue, taker, i));
        }
    }

    [Fact]
    public void Every_waiting_taker_is_woken_when_there_is_an_item_for_each()
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        List<int> taken = [];
        Thread[] takers = [.. Enumerable.Range(0, 5).Select(_ => StartTakingOne(queue, queue.AddTaker(), taken))];
        Bounded.Until(() => queue.WaitingTakers == 5, "all wait");
        AddAll(queue, Enumerable.Range(0, 5));
        Array.ForEach(takers, Bounded.Join);
        Assert.Equal(Enumerable.Range(0, 5), taken.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Waiting_takers_are_told_the_end(bool cancel)
    {
        BoundedQueue<int> queue = new(minCapacity: 8, _roomSignal);
        List<int> taken = [];
        Thread[] takers = [.. Enumerable.Range(0, 5).Select(_ => StartTakingOne(queue, queue.AddTaker(), taken))];
        Bounded.Until(() => queue.WaitingTakers == 5, "all wait");
        if (cancel)
        {
            queue.Cancel();
        }
        else
        {
            queue.Complete();
        }

        Array.ForEach(takers, Bounded.Join);
        Assert.Empty(taken);
        Assert.Equal(0, queue.WaitingTakers);
    }

    [Fact]
    public void An_adder_that_asked_is_woken_when_half_is_free()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        Assert.False(queue.WaitsForRoom());
        AddAll(queue, [0, 1, 2, 3]);
        Assert.True(queue.WaitsForRoom());
        taker.TryTake(out _);
        Assert.False(_roomSignal.Wait(0));
        TakeUntil(taker, () => queue.Count <= 2);
        Assert.True(_roomSignal.Wait(0));
    }

    [Fact]
    public void An_adder_that_did_not_ask_is_left_alone()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        AddAll(queue, [0, 1, 2, 3]);
        TakeUntil(queue.AddTaker(), () => queue.Count == 0);
        Assert.False(_roomSignal.Wait(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_closed_queue_has_no_waiting_for_room(bool cancel)
    {
        BoundedQueue<int> queue = new(minCapacity: 1, _roomSignal);
        queue.TryAdd(0);
        if (cancel)
        {
            queue.Cancel();
        }
        else
        {
            queue.Complete();
        }

        Assert.False(queue.WaitsForRoom());
    }

    [Fact]
    public void Capacity_grows_with_trivial_items_and_shrinks_at_a_slow_one()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        Train(queue, taker);
        Assert.True(queue.Capacity > 4 * ChunkSizer.TrivialSize);
        queue.TryAdd(0);
        taker.TryTake(out _);
        BusyFor(TimeSpan.FromMilliseconds(2));
        queue.TryAdd(0);
        taker.TryTake(out _);
        Assert.Equal(4, queue.Capacity);
    }

    [Fact]
    public void An_item_in_progress_raises_the_estimate()
    {
        BoundedQueue<int> queue = new(minCapacity: 4, _roomSignal);
        QueueTaker<int> taker = queue.AddTaker();
        queue.TryAdd(0);
        taker.TryTake(out _);
        Assert.Equal(0, queue.EstimateItemTicks());
        queue.TryAdd(0);
        taker.TryTake(out _);
        Assert.NotEqual(0, queue.ItemTicks);
        BusyFor(TimeSpan.FromMilliseconds(2));
        Assert.True(queue.EstimateItemTicks() >= Stopwatch.Frequency / 500);
    }

    private static void AddAll(BoundedQueue<int> queue, IEnumerable<int> items)
    {
        foreach (int item in items)
        {
            Assert.Equal(AddResult.Added, queue.TryAdd(item));
        }
    }

    private static IEnumerable<int> TakeAll(QueueTaker<int> taker)
    {
        while (taker.TryTake(out int item))
        {
            yield return item;
        }
    }

    private static void TakeUntil(QueueTaker<int> taker, Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(taker.TryTake(out _));
        }
    }

    // A busy machine may make any one item look slow: so this goes on until the queue has seen that they are not.
    private static void Train(BoundedQueue<int> queue, QueueTaker<int> taker) => Bounded.Until(
        () =>
        {
            while (queue.TryAdd(0) == AddResult.Added)
            {
                // To the brim.
            }

            TakeUntil(taker, queue.IsEmpty);
            return queue.Capacity > 4 * ChunkSizer.TrivialSize;
        },
        "items count as trivial");

    // Until the only taker takes two at a time, and has one left when it took the first.
    private static int HoldOne(BoundedQueue<int> queue, QueueTaker<int> taker)
    {
        int next = 0;
        Bounded.Until(
            () =>
            {
                TakeUntil(taker, queue.IsEmpty);
                AddAll(queue, [next++, next++]);
                taker.TryTake(out _);
                return queue.Count == 0;
            },
            "a chunk has two items");
        return next - 1;
    }

    private static int TakeWhenAdded(BoundedQueue<int> queue, QueueTaker<int> taker, int item)
    {
        List<int> taken = [];
        Thread thread = StartTakingOne(queue, taker, taken);
        Bounded.Until(() => queue.WaitingTakers == 1, "the taker waits");
        queue.TryAdd(item);
        Bounded.Join(thread);
        return Assert.Single(taken);
    }

    private static Thread StartTakingOne(BoundedQueue<int> queue, QueueTaker<int> taker, List<int> taken) =>
        Bounded.Start("taker", () =>
        {
            if (taker.TryTake(out int item))
            {
                lock (taken)
                {
                    taken.Add(item);
                }
            }

            GC.KeepAlive(queue);
        });

    private static void BusyFor(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            // The time an item takes is what is tested.
        }
    }
}
