using Switchyard.Core.Harness;

namespace Switchyard.Core.Queues;

public sealed class WakeSignalTests
{
    private static readonly int _long = (int)Bounded.Limit.TotalMilliseconds;

    private readonly WakeSignal _signal = new();

    [Fact]
    public void A_signal_set_before_the_wait_is_not_lost()
    {
        _signal.Set();
        Assert.True(_signal.Wait(_long));
    }

    [Fact]
    public void Set_twice_is_set_once()
    {
        _signal.Set();
        _signal.Set();
        Assert.True(_signal.Wait(0));
        Assert.False(_signal.Wait(0));
    }

    [Fact]
    public void A_wait_that_is_not_ended_returns_false_when_its_time_is_over() => Assert.False(_signal.Wait(1));

    [Fact]
    public void A_waiting_thread_is_woken()
    {
        bool woken = false;
        Thread waiter = Bounded.Start("waiter", () => woken = _signal.Wait(Timeout.Infinite));
        Bounded.UntilBlocked(waiter);
        _signal.Set();
        Bounded.Join(waiter);
        Assert.True(woken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_prepared_holds_until_the_wait_is_over(bool wakesImmediately)
    {
        Assert.False(_signal.IsWaiting);
        _signal.Prepare(wakesImmediately);
        Assert.Equal(wakesImmediately, _signal.WakesImmediately);
        Assert.True(_signal.IsWaiting);
        _signal.Wait(0);
        Assert.False(_signal.WakesImmediately);
        Assert.False(_signal.IsWaiting);
    }

    [Fact]
    public void An_announcement_stays_until_taken_and_wakes_no_thread()
    {
        _signal.Announce();
        Assert.False(_signal.Wait(0));
        Assert.True(_signal.IsAnnounced);
        _signal.TakeAnnounced();
        Assert.False(_signal.IsAnnounced);
    }
}
