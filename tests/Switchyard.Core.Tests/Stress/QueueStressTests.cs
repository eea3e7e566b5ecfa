using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Queues;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class QueueStressTests
{
    private const int Items = 200_000;

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Every_item_is_taken_once_or_remains_though_half_of_the_takers_stop_in_the_middle(int takers)
    {
        WakeSignal roomSignal = new();
        BoundedQueue<int> queue = new(minCapacity: 32, roomSignal);
        int[] seen = new int[Items];
        int taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, takers).Select(number =>
        {
            QueueTaker<int> taker = queue.AddTaker();
            bool stopsEarly = number % 2 == 1;
            return Bounded.Start("taker", () =>
            {
                while (!(stopsEarly && Volatile.Read(ref taken) > Items / 2) && taker.TryTake(out int item))
                {
                    Interlocked.Increment(ref seen[item]);
                    if (Interlocked.Increment(ref taken) == Items * 3 / 4)
                    {
                        queue.Cancel();
                        roomSignal.Set();
                    }
                }
            });
        })];

        int added = Feed(queue, roomSignal);
        Array.ForEach(threads, Bounded.Join);
        IReadOnlyList<int> remaining = queue.DrainRemaining();
        Assert.NotEqual(Items, taken);
        Assert.Equal(added, taken + remaining.Count);
        foreach (int item in remaining)
        {
            seen[item]++;
        }

        Assert.All(seen.Take(added), count => Assert.Equal(1, count));
        Assert.All(seen.Skip(added), count => Assert.Equal(0, count));
    }

    [Fact]
    public void What_early_leavers_had_in_their_chunks_is_taken_by_the_others()
    {
        WakeSignal roomSignal = new();
        BoundedQueue<int> queue = new(minCapacity: 32, roomSignal);
        int[] seen = new int[Items];
        int taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 6).Select(number =>
        {
            QueueTaker<int> taker = queue.AddTaker();
            return Bounded.Start("taker", () =>
            {
                while (!(number > 0 && Volatile.Read(ref taken) > number * Items / 8) && taker.TryTake(out int item))
                {
                    Interlocked.Increment(ref seen[item]);
                    Interlocked.Increment(ref taken);
                }
            });
        })];

        Assert.Equal(Items, Feed(queue, roomSignal));
        queue.Complete();
        Array.ForEach(threads, Bounded.Join);
        Assert.Empty(queue.DrainRemaining());
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    // At the end of each burst the takers live on each other's chunks: only there do owner and thief meet.
    [Fact]
    public void Every_item_is_taken_once_though_takers_steal_from_each_other()
    {
        const int Burst = 400;
        BoundedQueue<int> queue = new(minCapacity: Burst, new WakeSignal());
        int[] seen = new int[Items];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            QueueTaker<int> taker = queue.AddTaker();
            return Bounded.Start("taker", () =>
            {
                while (taker.TryTake(out int item))
                {
                    Interlocked.Increment(ref seen[item]);
                }
            });
        })];

        for (int item = 0; item < Items; item++)
        {
            Assert.Equal(AddResult.Added, queue.TryAdd(item));
            if (item % Burst == Burst - 1)
            {
                Bounded.Until(queue.IsEmpty, "the burst is taken");
            }
        }

        queue.Complete();
        Array.ForEach(threads, Bounded.Join);
        Assert.All(seen, count => Assert.Equal(1, count));
    }

    [Fact]
    public void A_buffer_loses_and_reorders_nothing_however_reader_and_writer_wait_for_each_other()
    {
        WakeSignal signal = new();
        OutputBuffer buffer = new(capacity: 100, signal);
        Thread writer = Bounded.Start("writer", () =>
        {
            for (int i = 0; i < Items; i++)
            {
                buffer.Add(new ItemRecord(i, RecordKind.Output, null));
            }
        });

        ItemRecord[] spare = new ItemRecord[16];
        int read = 0;
        for (bool wakesImmediately = true; read < Items; wakesImmediately = !wakesImmediately)
        {
            signal.Prepare(wakesImmediately);
            if (buffer.IsEmpty())
            {
                // Only a wakesImmediately reader may rely on being woken.
                bool woken = signal.Wait(wakesImmediately ? (int)Bounded.Limit.TotalMilliseconds : 1);
                Assert.True(woken || !wakesImmediately);
            }

            int count = buffer.TakeAll(ref spare);
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(read++, spare[i].Index);
            }
        }

        Bounded.Join(writer);
    }

    private static int Feed(BoundedQueue<int> queue, WakeSignal roomSignal)
    {
        for (int item = 0; item < Items;)
        {
            switch (queue.TryAdd(item))
            {
                case AddResult.Added:
                    item++;
                    break;
                case AddResult.Closed:
                    return item;
                default:
                    if (queue.WaitsForRoom() && !roomSignal.Wait((int)Bounded.Limit.TotalMilliseconds))
                    {
                        throw new TimeoutException("The waiting thread was not woken.");
                    }

                    break;
            }
        }

        return Items;
    }
}
