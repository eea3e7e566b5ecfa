using CsCheck;

namespace Switchyard.Core.Queues;

public sealed class BoundedQueuePropertyTests
{
    private const int Takers = 3;

    [Fact]
    public void Any_interleaving_of_add_take_and_complete_keeps_every_item_once() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 2 * Takers + 1].Array[0, 300], Gen.Int[0, 400]).Sample((capacity, steps, completeAt) =>
        {
            BoundedQueue<int> queue = new(capacity, new WakeSignal());
            QueueTaker<int>[] takers = [.. Enumerable.Range(0, Takers).Select(_ => queue.AddTaker())];
            HashSet<int> inside = [];
            int added = 0;
            for (int i = 0; i < steps.Length; i++)
            {
                if (i == completeAt)
                {
                    queue.Complete();
                }

                bool completed = i >= completeAt;
                if (steps[i] < Takers)
                {
                    // One that would rightly block is left out: no other thread could wake it here.
                    if (inside.Count > 0 || completed)
                    {
                        Assert.Equal(inside.Count > 0, takers[steps[i]].TryTake(out int item));
                        Assert.True(inside.Count == 0 || inside.Remove(item), "It was taken before.");
                    }
                }
                else
                {
                    AddResult expected = completed ? AddResult.Closed : queue.Count >= queue.Capacity ? AddResult.Full : AddResult.Added;
                    Assert.Equal(expected, queue.TryAdd(added));
                    if (expected == AddResult.Added)
                    {
                        inside.Add(added++);
                    }
                }

                Assert.Equal(inside.Count == 0, queue.IsEmpty());
            }

            queue.Cancel();
            Assert.All(takers, taker => Assert.False(taker.TryTake(out _)));
            Assert.Equal(inside.Order(), queue.DrainRemaining().Order());
        });

    [Fact]
    public void A_single_taker_sees_the_order_of_the_input_however_adding_and_taking_alternate() =>
        Gen.Int[-20, 20].Array[0, 100].Sample(steps =>
        {
            BoundedQueue<int> queue = new(minCapacity: 16, new WakeSignal());
            QueueTaker<int> taker = queue.AddTaker();
            int added = 0;
            int taken = 0;
            foreach (int step in steps)
            {
                for (int i = 0; i < step && queue.TryAdd(added) == AddResult.Added; i++)
                {
                    added++;
                }

                for (int i = 0; i > step && taken < added; i--)
                {
                    Assert.True(taker.TryTake(out int item));
                    Assert.Equal(taken++, item);
                }
            }

            Assert.Equal(Enumerable.Range(taken, added - taken), queue.DrainRemaining());
        });
}
