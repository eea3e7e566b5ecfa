using Switchyard.Core.Harness;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState;

public sealed class LockStateTests
{
    private static readonly WaitLimit _endless = new(Timeout.InfiniteTimeSpan);

    [Fact]
    public void One_holds_it_at_a_time()
    {
        using LockState shared = new("l");
        int inside = 0;
        int most = 0;
        int sum = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(number => Bounded.Start($"holder {number}", () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                ILockHold hold = shared.TryEnter(_endless)!;
                most = Math.Max(most, Interlocked.Increment(ref inside));
                sum++;
                Interlocked.Decrement(ref inside);
                hold.Exit();
            }
        }))];
        Array.ForEach(threads, Bounded.Join);
        Assert.Equal((1, 4000), (most, sum));
    }

    [Fact]
    public void The_next_holder_is_told_once_that_the_one_before_is_no_more()
    {
        using LockState shared = new("l");
        shared.TryEnter(_endless)!.Abandon();
        ILockHold next = shared.TryEnter(_endless)!;
        Assert.True(next.FollowsAbandoned);
        next.Exit();
        next.Abandon();
        Assert.False(shared.TryEnter(_endless)!.FollowsAbandoned);
    }

    [Fact]
    public void Who_has_lost_it_cannot_let_go_of_the_next_holders()
    {
        using LockState shared = new("l");
        ILockHold lost = shared.TryEnter(_endless)!;
        lost.Abandon();
        Assert.NotNull(shared.TryEnter(_endless));
        lost.Exit();
        Assert.Null(shared.TryEnter(WaitLimit.None));
    }
}
