using System.Collections.Concurrent;
using CsCheck;
using Switchyard.Core.Harness;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState;

public sealed class QueueStateTests
{
    private static readonly WaitLimit _endless = new(Timeout.InfiniteTimeSpan);

    [Fact]
    public void It_behaves_as_a_queue_does() =>
        Gen.Int[0, 9].List[0, 60].Sample(steps =>
        {
            using QueueState queue = new("q", capacity: 4);
            Queue<object?> model = new();
            foreach (int step in steps)
            {
                if (step < 6)
                {
                    Assert.Equal(model.Count < 4, queue.TryEnqueue(step, WaitLimit.None));
                    if (model.Count < 4)
                    {
                        model.Enqueue(step);
                    }
                }
                else
                {
                    Assert.Equal(model.TryDequeue(out object? expected), queue.TryDequeue(out object? value, WaitLimit.None));
                    Assert.Equal(expected, value);
                }

                Assert.Equal(model.Count, queue.Count);
            }
        });

    [Fact]
    public void Nothing_is_lost_or_taken_twice_between_many()
    {
        using QueueState queue = new("q", capacity: 3);
        ConcurrentBag<object?> taken = [];
        Thread[] takers = [.. Enumerable.Range(0, 4).Select(number => Bounded.Start($"taker {number}", () =>
        {
            while (queue.TryDequeue(out object? value, _endless))
            {
                taken.Add(value);
            }
        }))];
        Thread[] putters = [.. Enumerable.Range(0, 4).Select(number => Bounded.Start($"putter {number}", () =>
        {
            for (int i = 0; i < 2000; i++)
            {
                queue.TryEnqueue((number * 2000) + i, _endless);
            }
        }))];
        Array.ForEach(putters, Bounded.Join);
        queue.Complete();
        Array.ForEach(takers, Bounded.Join);
        Assert.Equal(Enumerable.Range(0, 8000), taken.Cast<int>().Order());
    }

    [Fact]
    public void Who_waits_is_woken_by_what_comes_and_by_the_end()
    {
        using QueueState queue = new("q", capacity: 0);
        object? value = null;
        Thread taker = Bounded.Start("taker", () => queue.TryDequeue(out value, _endless));
        Bounded.UntilBlocked(taker);
        queue.TryEnqueue(7, WaitLimit.None);
        Bounded.Join(taker);
        Assert.Equal(7, value);

        bool isThere = true;
        taker = Bounded.Start("taker", () => isThere = queue.TryDequeue(out _, _endless));
        Bounded.UntilBlocked(taker);
        queue.Complete();
        Bounded.Join(taker);
        Assert.False(isThere);
        Assert.Throws<InvalidOperationException>(() => queue.TryEnqueue(1, WaitLimit.None));
    }

    [Fact]
    public void Disposing_of_it_ends_all_waits()
    {
        QueueState queue = new("links", capacity: 1);
        queue.TryEnqueue(1, WaitLimit.None);
        Exception? exception = null;
        Thread putter = Bounded.Start("putter", () => exception = Record.Exception(() => queue.TryEnqueue(2, _endless)));
        Bounded.UntilBlocked(putter);
        queue.Dispose();
        Bounded.Join(putter);
        Assert.Contains("queue 'links'", Assert.IsType<ObjectDisposedException>(exception).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_gives_way_to_who_wants_its_end()
    {
        using QueueState queue = new("q", capacity: 0);
        bool isCanceled = false;
        Exception? exception = null;
        Thread taker = Bounded.Start("taker", () => exception = Record.Exception(() => queue.TryDequeue(out _, new WaitLimit(Timeout.InfiniteTimeSpan, () => Volatile.Read(ref isCanceled)))));
        Bounded.UntilBlocked(taker);
        Volatile.Write(ref isCanceled, true);
        Bounded.Join(taker);
        Assert.IsType<OperationCanceledException>(exception);
    }

    [Fact]
    public void While_what_it_gave_is_at_work_more_may_be_put_in()
    {
        using QueueState queue = new("q", capacity: 0);
        queue.TryEnqueue("first", WaitLimit.None);
        queue.Complete();
        Assert.False(queue.HasEnded);
        Assert.True(queue.TryTake(out _));
        Assert.False(queue.HasEnded);
        queue.TryEnqueue("second", WaitLimit.None);
        queue.NoteDone();
        Assert.False(queue.HasEnded);
        Assert.True(queue.TryTake(out object? item));
        queue.Return(item);
        Assert.False(queue.HasEnded);
        Assert.True(queue.TryTake(out item));
        Assert.Equal("second", item);
        queue.NoteDone();
        Assert.True(queue.HasEnded);
        Assert.Throws<InvalidOperationException>(() => queue.TryEnqueue(1, WaitLimit.None));
    }
}
