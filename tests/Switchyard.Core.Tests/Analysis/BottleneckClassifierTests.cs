using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis;

public sealed class BottleneckClassifierTests
{
    [Theory]
    [InlineData(10, 0, Bottleneck.Cpu)]
    [InlineData(1, 40, Bottleneck.Wait)]
    [InlineData(10, 10, Bottleneck.Mixed)]
    [InlineData(0.002, 0, Bottleneck.TooSmall)]
    [InlineData(6.1, 3.9, Bottleneck.Cpu)]
    [InlineData(5.9, 4.1, Bottleneck.Mixed)]
    [InlineData(4.1, 5.9, Bottleneck.Mixed)]
    [InlineData(3.9, 6.1, Bottleneck.Wait)]
    public void The_largest_part_names_it(double cpu, double wait, Bottleneck expected) =>
        Assert.Equal(expected, BottleneckClassifier.Classify(Of(cpu, wait)));

    [Fact]
    public void Waiting_for_a_core_is_not_waiting()
    {
        Findings busy = Of(10, 0) with
        {
            Times = new WorkTimes { Wall = TimeSpan.FromMilliseconds(1000), Cpu = TimeSpan.FromMilliseconds(200), RunQueue = TimeSpan.FromMilliseconds(800) },
        };
        Assert.Equal(Bottleneck.Cpu, BottleneckClassifier.Classify(busy));
    }

    [Fact]
    public void Other_kinds_have_their_names()
    {
        WorkTimes times = new() { Wall = TimeSpan.FromMilliseconds(1000) };
        Assert.Equal(Bottleneck.GarbageCollection, Classify(times with { Cpu = times.Wall, GarbageCollection = times.Wall * 0.5 }));
        Assert.Equal(Bottleneck.Disk, Classify(times with { Disk = times.Wall * 0.8 }));
        Assert.Equal(Bottleneck.ChildProcess, Classify(times with { ChildCpu = times.Wall * 0.9 }));

        static Bottleneck Classify(WorkTimes times) => BottleneckClassifier.Classify(Of(10, 40) with { Times = times });
    }

    [Fact]
    public void What_takes_turns_is_locked()
    {
        Assert.Equal(Bottleneck.Lock, BottleneckClassifier.Classify(Of(10, 0, 4, OnThreads(4, 100, locked: 0.7))));
        Assert.Equal(Bottleneck.Lock, BottleneckClassifier.Classify(Of(0, 20, 4, OnThreads(4, 51), OnThreads(16, 50))));

        // So many that they wait for each other, when fewer did better.
        Assert.Equal(Bottleneck.Wait, BottleneckClassifier.Classify(Of(0, 20, 4, OnThreads(16, 700), OnThreads(64, 600, locked: 0.9))));
        Assert.Equal(Bottleneck.Wait, BottleneckClassifier.Classify(Of(0, 20, 4, OnThreads(4, 198))));
    }

    [Theory]
    [InlineData(0.31, 0, 0, 0.1, Bottleneck.GarbageCollection)]
    [InlineData(0.29, 0, 0, 0.2, Bottleneck.Mixed)]
    [InlineData(0.29, 0, 0, 0.61, Bottleneck.Cpu)]
    [InlineData(0, 0.31, 0, 0.3, Bottleneck.Disk)]
    [InlineData(0, 0.31, 0, 0.32, Bottleneck.Mixed)]
    [InlineData(0, 0.29, 0, 0.2, Bottleneck.Mixed)]
    [InlineData(0, 0, 0.61, 0.3, Bottleneck.ChildProcess)]
    [InlineData(0, 0, 0.59, 0.3, Bottleneck.Mixed)]
    public void It_takes_so_much_of_the_time_to_name_it(double collected, double disk, double child, double cpu, Bottleneck expected)
    {
        TimeSpan wall = TimeSpan.FromMilliseconds(1000);
        WorkTimes times = new() { Wall = wall, Cpu = wall * (cpu + collected), GarbageCollection = wall * collected, Disk = wall * disk, ChildCpu = wall * child };
        Assert.Equal(expected, BottleneckClassifier.Classify(Of(10, 40) with { Times = times }));
    }

    [Theory]
    [InlineData(10, 0.31, Bottleneck.GarbageCollection)]
    [InlineData(10, 0.29, Bottleneck.Cpu)]
    [InlineData(0.1, 0.31, Bottleneck.Wait)]
    public void What_computes_is_held_up_by_the_collector_if_that_stopped_its_threads(double cpu, double collected, Bottleneck expected) =>
        Assert.Equal(expected, BottleneckClassifier.Classify(Of(cpu, 1, 4, OnThreads(4, 3000, collected: 0.1), OnThreads(8, 3000, collected: collected))));

    [Fact]
    public void The_most_locked_trial_counts_up_to_the_one_that_did_best()
    {
        BenchmarkPoint expected = OnThreads(8, 120, locked: 0.5);
        Assert.Same(expected, BottleneckClassifier.LockedPoint(Of(10, 0, 4, OnThreads(16, 90, locked: 0.9), expected, OnThreads(4, 100, locked: 0.3))));

        // The narrowest does though it did best of all; one that was too short to tell does not.
        expected = OnThreads(4, 100, locked: 0.3);
        Assert.Same(expected, BottleneckClassifier.LockedPoint(Of(10, 0, 4, expected, OnThreads(8, 120, locked: 0.9) with { Throughput = null })));
        Assert.Null(BottleneckClassifier.LockedPoint(Of(10, 0, 4, OnThreads(4, 100, locked: ExecutionAdvisor.LockedShare))));
        Assert.Null(BottleneckClassifier.LockedPoint(Of(10, 0, 4, OnProcesses(4, 100) with { LockShare = 0.9 })));
    }

    [Fact]
    public void Threads_that_do_a_quarter_more_than_one_do_not_take_turns()
    {
        Assert.Equal(Bottleneck.Lock, BottleneckClassifier.Classify(Of(0, 20, 4, OnThreads(4, 62))));
        Assert.Equal(Bottleneck.Wait, BottleneckClassifier.Classify(Of(0, 20, 4, OnThreads(4, 63))));
        Assert.Equal(Bottleneck.Wait, BottleneckClassifier.Classify(Of(0, 20, 4, OnProcesses(4, 50))));
        Assert.Equal(Bottleneck.Mixed, BottleneckClassifier.Classify(Of(9, 11, 4, OnThreads(4, 50))));
    }
}
