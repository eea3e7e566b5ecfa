using System.Diagnostics;
using Switchyard.Core.Gauges;

namespace Switchyard.Core.Probes;

public sealed class LinuxProbeTests
{
    [Fact]
    public void A_name_may_hold_anything()
    {
        Assert.Equal("D", KernelText.ParseStat("12 (a) b (c)) D 1 2 3")[0]);
        Assert.Empty(KernelText.ParseStat("12 (a"));
        Assert.Equal(["S", "1", "2"], KernelText.ParseStat("12 (x ) y) S 1 2\n".TrimEnd()));
        Assert.Empty(KernelText.ParseStat(null));
    }

    [Fact]
    public void The_scheduler_tells_time_on_a_core_and_waiting_for_one()
    {
        Assert.Equal((TimeSpan.FromTicks(12), TimeSpan.FromTicks(45)), KernelText.ParseScheduling("1234 4500 7\n"));
        Assert.Null(KernelText.ParseScheduling(string.Empty));
        Assert.Null(KernelText.ParseScheduling("1 x 3"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Computing_is_seen_as_computing(bool withoutProc)
    {
        using IWorkProbe probe = withoutProc ? new RuntimeWorkProbe() : WorkProbe.ForThisThread();
        WorkReading before = probe.Read();
        long until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50);
        Assert.True(ThreadClock.TryRead(out TimeSpan begun));
        byte[]? garbage = null;
        while (Stopwatch.GetTimestamp() < until || (ThreadClock.TryRead(out TimeSpan now) && now - begun < TimeSpan.FromMilliseconds(20)))
        {
            garbage = new byte[1000];
        }

        WorkReading used = probe.Read().Since(before);
        Assert.NotNull(garbage);
        Assert.True(used.Timestamp >= Stopwatch.Frequency / 50);
        Assert.True(used.AllocatedBytes >= 1000);
        Assert.True(used.ThreadCpu >= TimeSpan.FromMilliseconds(20), $"{used.ThreadCpu} on a core");
    }

    [Fact]
    public void A_reading_and_what_came_after_it_make_the_next()
    {
        WorkReading first = new() { Timestamp = 5, ThreadCpu = TimeSpan.FromTicks(3), Contentions = 2, ReadBytes = 7 };
        WorkReading second = new() { Timestamp = 9, ThreadCpu = TimeSpan.FromTicks(8), Contentions = 2, ReadBytes = 70, InvoluntarySwitches = 4 };
        Assert.Equal(second, first.Plus(second.Since(first)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void This_process_can_be_read_and_one_that_is_not_there_cannot(bool withoutProc)
    {
        ProcessReading? own = For(Environment.ProcessId).Read();
        Assert.NotNull(own);
        Assert.True(own is { ThreadCount: > 0, WorkingSet: > 0 });
        Assert.Null(For(int.MaxValue).Read());

        IProcessProbe For(int id) => withoutProc ? new RuntimeProcessProbe(id) : ProcessProbe.For(id);
    }

    [Fact]
    public void Cores_do_at_least_the_work_of_one_and_at_most_of_all() =>
        Assert.InRange(MachineCapacity.Measure(2, TimeSpan.FromMilliseconds(1)), 1, 2);
}
