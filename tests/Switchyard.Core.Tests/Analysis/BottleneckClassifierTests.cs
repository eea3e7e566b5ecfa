using static Switchyard.Core.Harness.SampleFindings;

namespace Switchyard.Core.Analysis;

public sealed class BottleneckClassifierTests
{
    [Theory]
    [InlineData(10, 0, Bottleneck.Cpu)]
    [InlineData(1, 40, Bottleneck.Wait)]
    [InlineData(10, 10, Bottleneck.Mixed)]
    [InlineData(0.002, 0, Bottleneck.TooSmall)]
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
}
