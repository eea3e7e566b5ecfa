using Switchyard.Core.Harness;

namespace Switchyard.Core.Policies;

public sealed class ThrottleTests
{
    [Fact]
    public void Lets_in_as_many_as_the_limit_says()
    {
        Throttle throttle = new(2);
        Assert.True(throttle.Enter());
        Assert.True(throttle.Enter());
        Thread third = Bounded.Start("third", () => throttle.Enter());
        Bounded.UntilBlocked(third);
        Assert.Equal(2, throttle.Running);
        Assert.Equal(1, throttle.Waiting);
        throttle.Exit();
        Bounded.Join(third);
        Assert.Equal(2, throttle.Running);
    }

    [Fact]
    public void A_raised_limit_lets_all_in_who_now_fit()
    {
        Throttle throttle = new(1);
        Assert.True(throttle.Enter());
        Thread[] others = [.. Enumerable.Range(0, 3).Select(_ => Bounded.Start("other", () => throttle.Enter()))];
        Array.ForEach(others, Bounded.UntilBlocked);
        throttle.Limit = 3;
        Bounded.Until(() => throttle.Running == 3, "two more are inside");
        Bounded.Until(() => throttle.Waiting == 1, "one still waits");
        throttle.Limit = 4;
        Array.ForEach(others, Bounded.Join);
        Assert.Equal(4, throttle.Running);
    }

    [Fact]
    public void A_lowered_limit_takes_effect_as_workers_leave()
    {
        Throttle throttle = new(3);
        Assert.True(throttle.Enter());
        Assert.True(throttle.Enter());
        Assert.True(throttle.Enter());
        throttle.Limit = 1;
        Thread other = Bounded.Start("other", () => throttle.Enter());
        Bounded.UntilBlocked(other);
        throttle.Exit();
        throttle.Exit();
        Assert.Equal(1, throttle.Running);
        Assert.True(other.IsAlive);
        throttle.Exit();
        Bounded.Join(other);
        Assert.Equal(1, throttle.Running);
    }

    [Fact]
    public void Suspended_it_lets_nobody_in_and_nobody_stay_whatever_its_limit()
    {
        Throttle throttle = new(2);
        Assert.True(throttle.Enter());
        Assert.False(throttle.WasLowered);
        throttle.IsSuspended = true;
        Assert.True(throttle.WasLowered);
        Assert.False(throttle.LetsStay);
        Thread inside = Bounded.Start("inside", () => throttle.Reenter());
        Thread other = Bounded.Start("other", () => throttle.Enter());
        Bounded.UntilBlocked(inside);
        Bounded.UntilBlocked(other);
        throttle.Limit = 1;
        Assert.Equal((1, 0, 2), (throttle.Limit, throttle.Running, throttle.Waiting));
        throttle.IsSuspended = false;
        Bounded.Until(() => throttle.Running == 1 && throttle.Waiting == 1, "one is inside");
        throttle.Cancel();
        Bounded.Join(inside);
        Bounded.Join(other);
    }

    [Fact]
    public void A_worker_keeps_its_place_between_items_while_the_limit_allows_it()
    {
        Throttle throttle = new(2);
        Assert.True(throttle.Enter());
        Assert.True(throttle.Enter());
        Assert.True(throttle.Reenter());
        Assert.Equal(2, throttle.Running);
        throttle.Limit = 1;
        Thread worker = Bounded.Start("worker", () => throttle.Reenter());
        Bounded.UntilBlocked(worker);
        Assert.Equal(1, throttle.Running);
        throttle.Limit = 2;
        Bounded.Join(worker);
        Assert.Equal(2, throttle.Running);
    }

    [Fact]
    public async Task Cancel_sends_those_away_who_wait_or_come()
    {
        Throttle throttle = new(1);
        Assert.True(throttle.Enter());
        Task<bool> waiting = Bounded.Run(throttle.Enter);
        Bounded.Until(() => throttle.Waiting == 1, "the other waits");
        throttle.Cancel();
        Assert.False(await Bounded.Await(waiting));
        Assert.False(throttle.Reenter());
        Assert.Equal(0, throttle.Running);
        Assert.False(throttle.Enter());
        Assert.Equal(0, throttle.Running);
    }

    [Fact]
    public void An_interrupted_wait_takes_no_place_and_no_wake_up()
    {
        Throttle throttle = new(1);
        Assert.True(throttle.Enter());
        Thread interrupted = Bounded.Start("interrupted", () => Assert.Throws<ThreadInterruptedException>(() => throttle.Enter()));
        Thread other = Bounded.Start("other", () => throttle.Enter());
        Bounded.Until(() => throttle.Waiting == 2, "both wait");
        Bounded.UntilBlocked(interrupted);
        interrupted.Interrupt();
        Bounded.Join(interrupted);
        throttle.Exit();
        Bounded.Join(other);
        Assert.Equal(1, throttle.Running);
        Assert.Equal(0, throttle.Waiting);
    }

    [Fact]
    public void A_limit_below_one_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Throttle(0));
        Throttle throttle = new(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => throttle.Limit = 0);
    }

    [Fact]
    public void Who_is_inside_may_stay_unless_the_limit_was_lowered_or_all_is_over()
    {
        Throttle throttle = new(2);
        Assert.True(throttle.Enter());
        Assert.True(throttle.Enter());
        Assert.True(throttle.LetsStay);
        Assert.Equal(2, throttle.Limit);
        throttle.Limit = 1;
        Assert.False(throttle.LetsStay);
        throttle.Exit();
        Assert.True(throttle.LetsStay);
        throttle.Cancel();
        Assert.False(throttle.LetsStay);
        Assert.Equal(1, throttle.Running);
    }
}
