using CsCheck;

namespace Switchyard.Core.Queues;

public sealed class RingBufferTests
{
    [Fact]
    public void It_does_what_a_list_does_that_is_added_to_at_both_ends()
    {
        // 0 adds before all others, 1 and 2 add at the end, 3 takes the first, 4 the last.
        Gen.Int[0, 4].Array[0, 200].Sample(steps =>
        {
            RingBuffer<int> ring = new(capacity: 1);
            LinkedList<int> list = new();
            for (int i = 0; i < steps.Length; i++)
            {
                switch (steps[i])
                {
                    case 0:
                        ring.AddFirst(i);
                        list.AddFirst(i);
                        break;
                    case 3 when list.Count > 0:
                        Assert.Equal(list.First!.Value, ring.RemoveFirst());
                        list.RemoveFirst();
                        break;
                    case 4 when list.Count > 0:
                        Assert.Equal(list.Last!.Value, ring.RemoveLast());
                        list.RemoveLast();
                        break;
                    default:
                        ring.AddLast(i);
                        list.AddLast(i);
                        break;
                }

                Assert.Equal(list.Count, ring.Count);
            }

            Assert.Equal(list, Enumerable.Range(0, ring.Count).Select(index => ring[index]));

            foreach (int expected in list)
            {
                Assert.Equal(expected, ring.RemoveFirst());
            }
        });
    }
}
