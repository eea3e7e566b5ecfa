using CsCheck;

namespace Switchyard.Core.Analysis;

public sealed class TimeSplitTests
{
    [Fact]
    public void Kinds_make_the_whole_whatever_the_clocks_say()
    {
        Gen<TimeSpan> time = Gen.Int[0, 2000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));
        Gen.Select(time, time, time, time, time, time, time).Sample((wall, cpu, queue, locks, garbage, disk, child) =>
        {
            TimeSplit split = TimeSplit.Of(new WorkTimes
            {
                Wall = wall, Cpu = cpu, RunQueue = queue, Lock = locks, GarbageCollection = garbage, Disk = disk, ChildCpu = child,
            });
            Assert.Equal(1, TimeSplit.Kinds.Sum(kind => split[kind]), 9);
            Assert.All(TimeSplit.Kinds, kind => Assert.InRange(split[kind], 0, 1));
        });
    }

    [Fact]
    public void Waiting_is_what_nothing_else_explains()
    {
        TimeSplit split = TimeSplit.Of(new WorkTimes
        {
            Wall = Ms(100), Cpu = Ms(40), GarbageCollection = Ms(10), RunQueue = Ms(20), ChildCpu = Ms(5),
        });

        // The collection is in the thread's processor time.
        Assert.Equal(0.3, split[TimeKind.Cpu], 9);
        Assert.Equal(0.1, split[TimeKind.GarbageCollection], 9);
        Assert.Equal(0.2, split[TimeKind.RunQueue], 9);
        Assert.Equal(0.05, split[TimeKind.ChildProcess], 9);
        Assert.Equal(0.35, split[TimeKind.Wait], 9);
    }

    [Fact]
    public void Helpers_that_compute_are_no_waiting()
    {
        TimeSplit split = TimeSplit.Of(new WorkTimes { Wall = Ms(100), Cpu = Ms(10), HelperCpu = Ms(300) });
        Assert.Equal(1, split[TimeKind.Cpu], 9);
    }

    [Fact]
    public void No_time_at_all_was_waiting() => Assert.Equal(1, TimeSplit.Of(new WorkTimes { Wall = TimeSpan.Zero, Cpu = Ms(1) })[TimeKind.Wait]);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
