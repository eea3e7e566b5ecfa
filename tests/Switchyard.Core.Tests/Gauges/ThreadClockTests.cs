using System.Diagnostics;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Gauges;

public sealed class ThreadClockTests
{
    [Fact]
    public void Every_system_that_is_supported_has_the_clock()
    {
        bool expected = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows();
        Assert.Equal(expected, ThreadClock.TryRead(out TimeSpan time));
        Assert.True(time >= TimeSpan.Zero);
    }

    [Fact]
    public void It_never_runs_back()
    {
        TimeSpan last = Now();
        for (int i = 0; i < 10_000; i++)
        {
            TimeSpan now = Now();
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public void It_runs_while_the_thread_computes_and_no_faster_than_the_wall_clock()
    {
        TimeSpan start = Now();
        long wallStart = Stopwatch.GetTimestamp();
        Burn(TimeSpan.FromMilliseconds(50));
        TimeSpan wall = Stopwatch.GetElapsedTime(wallStart);

        // One step of the coarsest clock.
        Assert.InRange(Now() - start, TimeSpan.FromMilliseconds(50), wall + TimeSpan.FromMilliseconds(16));
    }

    [Fact]
    public void It_stands_still_while_the_thread_waits_for_another_that_computes()
    {
        TimeSpan waited = TimeSpan.MaxValue;
        Thread waiter = Bounded.Start("waiter", () =>
        {
            TimeSpan start = Now();
            Bounded.Join(Bounded.Start("burner", () => Burn(TimeSpan.FromMilliseconds(200))));
            waited = Now() - start;
        });
        Bounded.Join(waiter);
        Assert.True(waited < TimeSpan.FromMilliseconds(100), $"{waited} of processor time for a wait.");
    }

    private static TimeSpan Now()
    {
        Assert.True(ThreadClock.TryRead(out TimeSpan time));
        return time;
    }

    private static void Burn(TimeSpan time)
    {
        TimeSpan start = Now();
        while (Now() - start < time)
        {
            Thread.SpinWait(100);
        }
    }
}
