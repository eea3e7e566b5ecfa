using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Policies;

/// <remarks>
/// Waiting threads look at the fake clock again after a real time. So where one is to pass, waits are milliseconds; that no thread
/// passes while the clock stands still does not depend on them.
/// </remarks>
public sealed class StartGateTests
{
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(5);

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<bool> _passed = new();

    [Fact]
    public void A_gate_that_nothing_holds_is_open()
    {
        StartGate gate = new(_clock);
        Assert.True(gate.Pass());
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void A_canceled_gate_lets_no_item_start()
    {
        StartGate gate = new(_clock);
        gate.Cancel();
        Assert.False(gate.Pass());
        gate.HoldFor(_moment);
        Assert.False(gate.Pass());
    }

    [Fact]
    public void Cancel_releases_all_who_wait()
    {
        StartGate gate = new(_clock, Rate(0.001));
        Assert.True(gate.Pass());
        Thread[] threads = StartWaiting(gate, 5);

        gate.Cancel();
        Assert.All(threads, Bounded.Join);
        Assert.Equal([false, false, false, false, false], _passed);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void Each_interval_lets_one_through()
    {
        StartGate gate = new(_clock, Rate(1 / _moment.TotalSeconds));
        Assert.True(gate.Pass());
        Thread[] threads = StartWaiting(gate, 4);
        for (int i = 1; i <= threads.Length; i++)
        {
            _clock.Advance(_moment);
            Bounded.Until(() => _passed.Count == i, "the next one passes");
            Bounded.Until(() => gate.Waiting == threads.Length - i, "it has left");
        }

        Assert.All(threads, Bounded.Join);
        Assert.DoesNotContain(false, _passed);
    }

    [Fact]
    public void No_worker_passes_twice_in_an_interval_however_often_it_checks()
    {
        StartGate gate = new(_clock, Rate(1 / _moment.TotalSeconds));
        Assert.True(gate.Pass());
        StartWaiting(gate, 3);
        _clock.Advance(_moment);
        Bounded.Until(() => _passed.Count == 1, "one passes");
        Assert.Equal(1, Bounded.UntilStill(() => _passed.Count));
        gate.Cancel();
    }

    [Fact]
    public void A_hold_works_without_a_rate_and_ends()
    {
        StartGate gate = new(_clock);
        gate.HoldFor(_moment);
        Thread[] threads = StartWaiting(gate, 3);
        Assert.Empty(_passed);

        _clock.Advance(_moment);
        Assert.All(threads, Bounded.Join);
        Assert.Equal([true, true, true], _passed);
        Assert.True(gate.Pass());
    }

    [Fact]
    public void A_hold_delays_who_waits_already()
    {
        StartGate gate = new(_clock, Rate(1 / _moment.TotalSeconds));
        Assert.True(gate.Pass());
        Thread thread = Assert.Single(StartWaiting(gate, 1));
        gate.HoldFor(_moment * 3);

        _clock.Advance(_moment * 2);
        Assert.Equal(0, Bounded.UntilStill(() => _passed.Count));
        _clock.Advance(_moment);
        Bounded.Join(thread);
        Assert.Equal([true], _passed);
    }

    [Fact]
    public void The_hold_that_ends_last_counts()
    {
        StartGate gate = new(_clock);
        gate.HoldFor(_moment * 2);
        gate.HoldFor(_moment);
        gate.HoldFor(TimeSpan.Zero);
        gate.HoldFor(-_moment);
        StartWaiting(gate, 1);

        _clock.Advance(_moment);
        Assert.Equal(0, Bounded.UntilStill(() => _passed.Count));
        _clock.Advance(_moment);
        Bounded.Until(() => _passed.Count == 1, "the hold is over");
    }

    [Fact]
    public void A_hold_without_end_can_be_canceled()
    {
        StartGate gate = new(_clock);
        gate.HoldFor(TimeSpan.MaxValue);
        Thread thread = Assert.Single(StartWaiting(gate, 1));
        gate.Cancel();
        Bounded.Join(thread);
        Assert.Equal([false], _passed);
    }

    [Fact]
    public void No_backlog_bursts_when_a_hold_is_over()
    {
        StartGate gate = new(_clock, Rate(1000));
        Assert.True(gate.Pass());
        gate.HoldFor(_moment);
        StartWaiting(gate, 5);

        _clock.Advance(_moment * 20);
        Bounded.Until(() => _passed.Count == 1, "the first passes");
        Assert.Equal(1, Bounded.UntilStill(() => _passed.Count));
        gate.Cancel();
    }

    [Fact]
    public void Short_memory_is_waited_for_and_told_once()
    {
        ConcurrentQueue<long> told = new();
        FakeMemory memory = new(99);
        StartGate gate = new(_clock, gauge: memory, minFreeBytes: 100, memoryLow: told.Enqueue);
        Thread[] threads = StartWaiting(gate, 2);
        Bounded.Until(() => told.Count == 1, "it is told");

        memory.Available = 100;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.All(threads, Bounded.Join);
        Assert.Equal([true, true], _passed);

        memory.Available = 98;
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        Thread third = Assert.Single(StartWaiting(gate, 1));
        gate.Cancel();
        Bounded.Join(third);
        Assert.Equal([99L], told);
    }

    [Fact]
    public void Who_is_told_of_short_memory_may_use_the_gate()
    {
        StartGate? gate = null;
        gate = new StartGate(_clock, gauge: new FakeMemory(0), minFreeBytes: 1, memoryLow: _ => Bounded.Join(Bounded.Start("other", gate!.Cancel)));
        Assert.False(gate.Pass());
    }

    [Fact]
    public void Memory_is_read_ten_times_a_second_while_there_is_enough()
    {
        FakeMemory memory = new(100);
        StartGate gate = new(_clock, gauge: memory, minFreeBytes: 100);
        for (int millisecond = 0; millisecond < 1000; millisecond++)
        {
            Assert.True(gate.Pass());
            Assert.True(gate.Pass());
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(10, memory.Readings);
    }

    [Fact]
    public void Waiting_for_memory_takes_no_start_from_the_rate()
    {
        FakeMemory memory = new(0);
        StartGate gate = new(_clock, Rate(1), memory, minFreeBytes: 1);
        Thread thread = Assert.Single(StartWaiting(gate, 1));
        memory.Available = 1;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Bounded.Join(thread);
        Assert.Equal([true], _passed);
    }

    [Fact]
    public void A_floor_of_nothing_reads_nothing()
    {
        FakeMemory memory = new(0);
        Assert.True(new StartGate(_clock, gauge: memory, minFreeBytes: 0).Pass());
        Assert.Equal(0, memory.Readings);
    }

    [Fact]
    public void An_interrupted_leader_leaves_its_place_to_another()
    {
        StartGate gate = new(_clock, Rate(1 / _moment.TotalSeconds));
        Assert.True(gate.Pass());
        Thread[] threads = StartWaiting(gate, 3);

        // The first that came leads.
        threads[0].Interrupt();
        Bounded.Join(threads[0]);
        Assert.Equal(2, gate.Waiting);
        for (int i = 1; i <= 2; i++)
        {
            _clock.Advance(_moment);
            Bounded.Until(() => _passed.Count == i, "the next one passes");
        }
    }

    [Fact]
    public void Any_number_of_threads_starts_each_item_once_or_not_at_all()
    {
        const int Threads = 16;
        StartGate gate = new(TimeProvider.System, new RateLimiter(RateLimiter.MaxRate, TimeProvider.System));
        int started = 0;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => Bounded.Start($"worker {i}", () =>
        {
            try
            {
                while (gate.Pass())
                {
                    if (Interlocked.Increment(ref started) % 1000 == 0)
                    {
                        gate.HoldFor(TimeSpan.FromMilliseconds(1));
                    }
                }
            }
            catch (ThreadInterruptedException)
            {
            }
        }))];

        for (int i = 0; i < Threads / 2; i++)
        {
            int seen = Volatile.Read(ref started);
            threads[i].Interrupt();
            Bounded.Until(() => Volatile.Read(ref started) > seen + 500, "the others go on");
        }

        gate.Cancel();
        Assert.All(threads, Bounded.Join);
        Assert.Equal(0, gate.Waiting);
    }

    [Fact]
    public void It_tells_whether_it_is_open_and_whether_it_counts()
    {
        StartGate gate = new(_clock);
        Assert.Equal((true, false), (gate.IsOpen, gate.CountsStarts));
        gate.HoldFor(_moment);
        Assert.False(gate.IsOpen);
        _clock.Advance(_moment);
        Assert.True(gate.Pass());
        Assert.True(gate.IsOpen);
        gate.Cancel();
        Assert.False(gate.IsOpen);

        StartGate limited = new(_clock, Rate(1));
        Assert.Equal((false, true), (limited.IsOpen, limited.CountsStarts));
        StartGate floored = new(_clock, gauge: new FakeMemory(1), minFreeBytes: 1);
        Assert.Equal((false, true), (floored.IsOpen, floored.CountsStarts));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StartGate(_clock, minFreeBytes: -1));
    }

    private RateLimiter Rate(double perSecond) => new(perSecond, _clock);

    private Thread[] StartWaiting(StartGate gate, int count)
    {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int before = gate.Waiting;
            threads[i] = Bounded.Start($"waiter {i}", () =>
            {
                try
                {
                    _passed.Enqueue(gate.Pass());
                }
                catch (ThreadInterruptedException)
                {
                }
            });
            Bounded.Until(() => gate.Waiting == before + 1, "it waits");
            Bounded.UntilBlocked(threads[i]);
        }

        return threads;
    }
}
